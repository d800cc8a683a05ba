import { CompiledQuery, type KyselyPlugin, sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { kyselyAdapter } from '../../src/index.ts'
import { migrateToLatest } from '../../src/migrate.ts'
import type { Db, TestDatabase } from './database.ts'
import { minutes, sessionOf } from './rows.ts'

/** What reaches the database on the paths that every request takes. */
export function describeQueries(open: () => () => TestDatabase): void {
  describe('hot paths', () => {
    const database = open()
    let db: Db
    beforeAll(async () => {
      db = database().connect()
      await migrateToLatest(db)
    })

    test('ask once per look-up and per slide, and compile nothing after the start', async () => {
      const watch = new Watch()
      const adapter = kyselyAdapter(db.withPlugin(watch))
      await adapter.createUser({ id: 'ada' })
      const session = sessionOf('ada')
      await adapter.createSession(session)
      const { sessionToken } = session
      watch.reset()
      for (let round = 1; round <= 3; round++) {
        expect(await adapter.getSessionAndUser(sessionToken)).toMatchObject({
          session: { id: session.id },
          user: { id: 'ada' },
        })
        expect(await adapter.slideSession({ sessionToken, expires: minutes(60 + round), lastSeenAt: minutes(1) })).toBe(
          true,
        )
        expect(
          await adapter.rotateSession({
            sessionToken,
            from: round - 1,
            to: round,
            expires: minutes(60),
            now: minutes(1),
          }),
        ).toBe(true)
      }
      expect(watch).toMatchObject({ compiled: 0, run: 9 })
    })

    test('D05 and sweeping find their rows by an index', async () => {
      const log: CompiledQuery[] = []
      const watched = database().connect((event) => void log.push(event.query))
      const adapter = kyselyAdapter(watched, { writeTimeout: '30s' })
      await adapter.createUser({ id: 'carl', email: 'carl@example.com' })
      await Promise.all(Array.from({ length: 300 }, () => adapter.createSession(sessionOf('carl'))))
      const { sessionToken, id, userId } = sessionOf('carl')
      const now = minutes(1)
      log.length = 0
      await adapter.getUser('carl')
      await adapter.getUserByEmail('Carl@example.com')
      await adapter.getUserByAccount({ provider: 'p', providerAccountId: 'carl' })
      await adapter.getSessionAndUser(sessionToken)
      await adapter.listSessions({ userId: 'nobody', now })
      await adapter.slideSession({ sessionToken, expires: minutes(90), lastSeenAt: now })
      await adapter.rotateSession({ sessionToken, from: 0, to: 1, expires: minutes(90), now })
      await adapter.writeSessionClaims({ sessionToken, revision: 0, claims: {} })
      await adapter.revokeSession({ id, userId, now })
      await adapter.revokeSessions({ userId: 'nobody', now })
      await adapter.useVerificationToken({ identifier: 'nobody', token: 'hash' })
      await adapter.deleteExpired({ now, limit: 10 })
      expect(log.length).toBeGreaterThanOrEqual(13)
      const [dialect] = database().address
      // libsql leaves an explained write unfinished: the connection is of no use to anybody else.
      const explaining = database().connect()
      const plans = await explainAll(explaining, dialect, log)
      for (const plan of plans) expect(plan).not.toMatch(READS_ALL[dialect])
      // Of a person's sessions by the person, not among all live ones.
      expect(plans.find((plan) => plan.includes('order by'))).toMatch(
        dialect === 'mysql' ? /"key": "sessions_user_id_index"/ : /sessions_user_id_index/,
      )
      // The question can be answered with no.
      const unindexed = db.selectFrom('sessions').selectAll().where('ip', '=', 'x').compile()
      expect((await explainAll(explaining, dialect, [unindexed]))[0]).toMatch(
        dialect === 'postgres' ? /Filter/ : READS_ALL[dialect],
      )
    })

    test('M20 twenty thousand sessions end by a statement or two', async () => {
      const log: CompiledQuery[] = []
      const adapter = kyselyAdapter(database().connect((event) => void log.push(event.query)))
      await adapter.createUser({ id: 'many' })
      await adapter.createSession(sessionOf('many'))
      const [dialect] = database().address
      const numbers = `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 19999)`
      const name = dialect === 'mysql' ? `concat('many-', n)` : `'many-' || n`
      const insert = `insert into sessions (id, session_token, user_id, expires, created_at, last_seen_at)`
      const select = `select ${name}, ${name}, 'many', ${minutes(60).getTime()}, 0, 0 from numbers`
      await db.connection().execute(async (connection) => {
        if (dialect === 'mysql') await sql`set max_recursive_iterations = 20000`.execute(connection)
        const fill = dialect === 'mysql' ? `${insert} ${numbers} ${select}` : `${numbers} ${insert} ${select}`
        await sql.raw(fill).execute(connection)
      })
      log.length = 0
      expect(await adapter.revokeSessions({ userId: 'many', now: minutes(1) })).toHaveLength(20_000)
      expect(log.length).toBeLessThanOrEqual(2)
      expect(await adapter.listSessions({ userId: 'many', now: minutes(1) })).toEqual([])
      await adapter.deleteUser('many')
    })

    test('keep the values of parallel calls apart', async () => {
      const adapter = kyselyAdapter(db)
      const users = await Promise.all(
        Array.from({ length: 20 }, (_, index) => adapter.createUser({ id: `user-${index}` })),
      )
      const sessions = users.map(({ id }) => sessionOf(id))
      await Promise.all(sessions.map((session) => adapter.createSession(session)))
      const found = await Promise.all(sessions.map(({ sessionToken }) => adapter.getSessionAndUser(sessionToken)))
      expect(found).toMatchObject(sessions.map((session, index) => ({ session, user: users[index] })))
    })
  })
}

/** How each database says that it would read a whole table. */
export const READS_ALL = { sqlite: /\bSCAN\b/, postgres: /Seq Scan/, mysql: /"access_type": "(?:ALL|index)"/ }

/**
 * Runs every statement that was logged once more, as a question how it would be run.
 *
 * @param how `freely` if the tables are large enough for PostgreSQL to prefer an index
 */
export async function explainAll(
  db: Db,
  dialect: keyof typeof READS_ALL,
  queries: readonly CompiledQuery[],
  how: { readonly freely?: boolean } = {},
): Promise<string[]> {
  const explain = { sqlite: 'explain query plan', postgres: 'explain', mysql: 'explain format=json' }[dialect]
  return db.connection().execute(async (connection) => {
    // On a small table PostgreSQL rightly prefers to read it all.
    if (dialect === 'postgres' && !how.freely) await sql`set enable_seqscan = off`.execute(connection)
    const plans = []
    for (const query of queries) {
      const { rows } = await connection.executeQuery(
        CompiledQuery.raw(`${explain} ${query.sql}`, [...query.parameters]),
      )
      plans.push(`${query.sql}\n${rows.flatMap((row) => Object.values(row as object)).join('\n')}`)
    }
    if (dialect === 'postgres') await sql`reset enable_seqscan`.execute(connection)
    return plans
  })
}

/** Counts what is compiled and what is run, as a plugin sees it. */
class Watch implements KyselyPlugin {
  compiled = 0
  run = 0

  reset(): void {
    this.compiled = 0
    this.run = 0
  }

  transformQuery({ node }: Parameters<KyselyPlugin['transformQuery']>[0]): CompiledQuery['query'] {
    this.compiled++
    return node
  }

  async transformResult({
    result,
  }: Parameters<KyselyPlugin['transformResult']>[0]): ReturnType<KyselyPlugin['transformResult']> {
    this.run++
    return result
  }
}
