import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { HOSTILE_TEXT } from '../../../core/test/adapter/text.ts'
import { kyselyAdapter } from '../../src/index.ts'
import { migrateToLatest } from '../../src/migrate.ts'
import type { Db, TestDatabase } from './database.ts'
import { addPosts, dump, minutes, NOW, sessionOf } from './rows.ts'

/** What lies in the tables. */
export function describeContents(open: () => () => TestDatabase): void {
  describe('the tables', () => {
    const database = open()
    let db: Db
    beforeAll(async () => {
      db = database().connect()
      await migrateToLatest(db)
      await addPosts(db)
      const adapter = kyselyAdapter(db)
      await adapter.createUser({ id: 'bystander', email: 'bystander@example.com' })
      await adapter.createSession(sessionOf('bystander'))
      await adapter.linkAccount({ provider: 'p', providerAccountId: 'bystander', type: 'oauth', userId: 'bystander' })
      await adapter.createVerificationToken({ identifier: 'bystander', token: 'hash', expires: NOW })
    })

    test.each(HOSTILE_TEXT)('D01 %j in every field changes no other row of any table', async (text) => {
      const adapter = kyselyAdapter(db)
      const before = await dump(db)
      const id = `a${text}`
      await adapter.createUser({ id, name: text, email: `${text}@x`, image: text })
      await adapter.updateUser({ id, name: `${text}${text}` })
      await adapter.linkAccount({ provider: text, providerAccountId: text, type: text, userId: id })
      const session = sessionOf(id, { id, sessionToken: text, userAgent: text, ip: text, claims: { [text]: text } })
      await adapter.createSession(session)
      await adapter.writeSessionClaims({ sessionToken: text, revision: 0, claims: { [text]: [text] } })
      await adapter.slideSession({ sessionToken: text, expires: minutes(90), lastSeenAt: minutes(1) })
      await adapter.revokeSession({ id, userId: id, now: minutes(1) })
      await adapter.revokeSessions({ userId: id, except: text, now: minutes(1) })
      await adapter.createVerificationToken({ identifier: text, token: text, expires: minutes(1) })

      const during = await dump(db)
      for (const table of ['users', 'accounts', 'sessions', 'tokens']) {
        expect(during[table]).toHaveLength((before[table]?.length ?? 0) + 1)
        expect(during[table]).toEqual(expect.arrayContaining([...(before[table] ?? [])]))
      }
      expect(during.posts).toEqual(before.posts)

      await adapter.useVerificationToken({ identifier: text, token: text })
      await adapter.unlinkAccount({ provider: text, providerAccountId: text })
      await adapter.deleteSession(text, minutes(999))
      await adapter.deleteUser(id)
      expect(await dump(db)).toEqual(before)
    })

    test('C5 no row lets anybody in: neither a provider’s tokens nor anything else of an account is kept', async () => {
      const adapter = kyselyAdapter(db)
      await adapter.createUser({ id: 'ada' })
      const secrets = { access_token: 'at-secret', refresh_token: 'rt-secret', id_token: 'it-secret' }
      await adapter.linkAccount({ provider: 'p', providerAccountId: 'a', type: 'oauth', userId: 'ada', ...secrets })
      expect(JSON.stringify(await dump(db))).not.toContain('secret')
      const tables = await db.introspection.getTables()
      const columns = tables.find(({ name, schema }) => name === 'sessions' && matches(schema, database()))?.columns
      expect(columns?.map(({ name }) => name).sort()).toEqual(
        [
          ...['id', 'session_token', 'user_id', 'expires', 'created_at', 'last_seen_at', 'user_agent', 'ip', 'claims'],
          ...['revision', 'generation', 'rotated_at', 'revoked_at', 'amr'],
        ].sort(),
      )
    })

    test('decision 10: instants are integer milliseconds', async () => {
      const session = sessionOf('bystander', { rotatedAt: minutes(1) })
      await kyselyAdapter(db).createSession(session)
      const row = await db.selectFrom('sessions').selectAll().where('id', '=', session.id).executeTakeFirstOrThrow()
      expect(Number(row.expires)).toBe(minutes(60).getTime())
      expect(Number(row.created_at)).toBe(NOW.getTime())
      expect(Number(row.rotated_at)).toBe(minutes(1).getTime())
      expect(row.revoked_at).toBeNull()
      await expect(kyselyAdapter(db).createSession(sessionOf('bystander', { expires: new Date(NaN) }))).rejects.toThrow(
        RangeError,
      )
    })

    test('a foreign key ends what belongs to a user whom the app deletes by itself', async () => {
      const adapter = kyselyAdapter(db)
      await adapter.createUser({ id: 'gone' })
      const session = sessionOf('gone')
      await adapter.createSession(session)
      await adapter.linkAccount({ provider: 'p', providerAccountId: 'gone', type: 'oauth', userId: 'gone' })
      await db.deleteFrom('users').where('id', '=', 'gone').execute()
      expect(await db.selectFrom('sessions').selectAll().where('user_id', '=', 'gone').execute()).toEqual([])
      expect(await db.selectFrom('accounts').selectAll().where('user_id', '=', 'gone').execute()).toEqual([])
    })

    test('errors are the driver’s own', async () => {
      const error = await kyselyAdapter(db)
        .createUser({ id: 'bystander' })
        .catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(Error)
      expect(error).toHaveProperty('code')
      expect(await sql`select 1 as alive`.execute(db)).toMatchObject({ rows: [{ alive: 1 }] })
    })
  })
}

function matches(schema: string | undefined, database: TestDatabase): boolean {
  return database.schema === undefined || schema === database.schema
}
