import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool, type PoolClient } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { kyselyAdapter, postgresDialect } from '../src/index.ts'
import { migrateToLatest } from '../src/migrate.ts'
import { describeWith, findPostgres } from './services.ts'
import type { Db, TestDatabase } from './support/database.ts'
import { createPostgres } from './support/postgres.ts'
import { minutes, sessionOf } from './support/rows.ts'

const postgres = await findPostgres()

describeWith(postgres, 'named statements on PostgreSQL', () => {
  let database: TestDatabase
  let pool: Pool
  let client: PoolClient | undefined
  const session = sessionOf('ada')
  const { sessionToken } = session

  /** An adapter on one connection, on which somebody is signed in. */
  async function open(connect: (pool: Pool) => PostgresDialect = postgresDialect) {
    pool = new Pool({ connectionString: database.address[1], max: 1 })
    pool.on('connect', (connected) => {
      client = connected
    })
    const db: Db = new Kysely({ dialect: connect(pool) })
    const adapter = kyselyAdapter(db, { writeTimeout: '30s' })
    const read = () => adapter.getSessionAndUser(sessionToken)
    await migrateToLatest(db)
    await adapter.createUser({ id: 'ada' })
    await adapter.createSession(session)
    expect(await read()).toMatchObject({ session: { id: session.id } })
    return { db, adapter, read }
  }

  beforeEach(async () => {
    database = await createPostgres(postgres)
  })
  afterEach(async () => {
    await pool.end()
    await database.drop()
  })

  /** What the server keeps for the one connection. */
  async function kept(): Promise<readonly string[]> {
    const { rows } = await pool.query('select name from pg_prepared_statements order by 1')
    return rows.map(({ name }) => String(name))
  }

  test('the adapter’s statements are prepared once, the app’s own never', async () => {
    const { db, adapter, read } = await open()
    const before = await kept()
    expect(before.length).toBeGreaterThanOrEqual(2)
    for (const name of before) expect(name).toMatch(/^latchkey_[0-9a-f]{16}$/)
    for (let i = 0; i < 50; i++) {
      await read()
      await sql`select ${sql.lit(i)} as number`.execute(db)
      await db
        .selectFrom('users')
        .select('id')
        .where('id', 'in', Array(i + 1).fill('x'))
        .execute()
      await adapter.updateUser({ id: 'ada', name: `Ada ${i}` })
    }
    expect(await kept()).toEqual(before)
  })

  test('however many tables there are, a connection keeps 200 statements at most', async () => {
    const { db } = await open()
    for (let i = 0; i < 220; i++) {
      const view = `people_${i}`
      await db.schema.createView(view).as(db.selectFrom('users').selectAll()).execute()
      expect(await kyselyAdapter(db, { tables: { users: view } }).getUser('ada')).toMatchObject({ id: 'ada' })
    }
    expect(await kept()).toHaveLength(200)
  })

  test('a new connection prepares them anew', async () => {
    const { read } = await open()
    const [{ pid }] = (await pool.query('select pg_backend_pid() as pid')).rows
    await database.connect().executeQuery(sql`select pg_terminate_backend(${pid})`.compile(database.connect()))
    await expect.poll(read).toMatchObject({ session: { id: session.id } })
    expect((await pool.query('select pg_backend_pid() as pid')).rows[0].pid).not.toBe(pid)
    expect(await kept()).toHaveLength(1)
  })

  test.each(['discard all', 'deallocate all'])('a connection that was reset by “%s” goes on', async (reset) => {
    const { adapter, read } = await open()
    await pool.query(reset)
    await pool.query(`set search_path to ${database.schema}`)
    expect(await read()).toMatchObject({ session: { id: session.id } })
    expect(await adapter.slideSession({ sessionToken, expires: minutes(90), lastSeenAt: minutes(1) })).toBe(true)
    await pool.query(reset)
    await pool.query(`set search_path to ${database.schema}`)
    expect(await adapter.slideSession({ sessionToken, expires: minutes(99), lastSeenAt: minutes(1) })).toBe(true)
    expect((await read())?.session.expires).toEqual(minutes(99))
    await read()
    expect(await kept()).toContainEqual(expect.stringMatching(/^latchkey_[0-9a-f]{16}_2$/))
  })

  test('a column that a newer instance adds and drops is seen at once, by reads and writes that are under way', async () => {
    const { adapter, read } = await open()
    const newer = database.connect()
    await newer.schema
      .alterTable('users')
      .addColumn('plan', 'text', (column) => column.defaultTo('free'))
      .execute()
    const found = await Promise.all([read(), read(), adapter.getUser('ada')])
    expect(found).toMatchObject([{ user: { plan: 'free' } }, { user: { plan: 'free' } }, { plan: 'free' }])
    await newer.schema.alterTable('users').dropColumn('plan').execute()
    expect((await read())?.user).not.toHaveProperty('plan')
    await newer.schema.alterTable('users').addColumn('plan', 'integer').execute()
    expect((await read())?.user.plan).toBeNull()
    await newer.schema
      .alterTable('sessions')
      .alterColumn('revision', (column) => column.setDataType('bigint'))
      .execute()
    expect(await read()).toMatchObject({ session: { revision: 0 } })
  })

  test('a connection that loses them again and again goes on without names', async () => {
    const { read } = await open()
    for (let i = 0; i < 20; i++) {
      await pool.query('deallocate all')
      expect(await read()).toMatchObject({ session: { id: session.id } })
    }
    expect(await kept()).toEqual([])
  })

  test('a name that another client of a pooler has given is no obstacle', async () => {
    const { read } = await open()
    const names = await kept()
    // As a pooler in transaction mode would: another server behind the same client, where somebody has been.
    await pool.query('deallocate all')
    for (const name of names) await pool.query(`prepare ${name} as select 1`)
    for (let i = 1; i <= 4; i++) {
      for (const name of names) await pool.query(`prepare ${name}_${i} as select 1`)
    }
    forgetParsed(client)
    for (let i = 0; i < 10; i++) expect(await read()).toMatchObject({ session: { id: session.id } })
  })

  test('in a transaction of the app nothing is named, so that no lost statement ends it', async () => {
    const { db, read } = await open()
    const before = await kept()
    await db.transaction().execute(async (transaction) => {
      await sql`deallocate all`.execute(transaction)
      const inside = kyselyAdapter(transaction)
      expect(await inside.getSessionAndUser(sessionToken)).not.toBeNull()
      await inside.createUser({ id: 'bob' })
    })
    expect(await kyselyAdapter(db).getUser('bob')).not.toBeNull()
    expect(await read()).not.toBeNull()
    expect((await kept()).length).toBeLessThanOrEqual(before.length)
  })

  test('in a transaction that the app began by its own text, the first error is told, and the next one works', async () => {
    const { db } = await open()
    await db.connection().execute(async (connection) => {
      const adapter = kyselyAdapter(connection)
      await sql`begin`.execute(connection)
      await sql`deallocate all`.execute(connection)
      await expect(adapter.getSessionAndUser(sessionToken)).rejects.toMatchObject({ code: '26000' })
      await sql`rollback`.execute(connection)
      await sql`begin`.execute(connection)
      expect(await adapter.getSessionAndUser(sessionToken)).not.toBeNull()
      await sql`commit`.execute(connection)
    })
  })

  test.each([
    { how: 'prepare: false', connect: (own: Pool) => postgresDialect(own, { prepare: false }) },
    { how: 'Kysely’s own dialect', connect: (own: Pool) => new PostgresDialect({ pool: own }) },
  ])('with $how nothing is kept, and everything works', async ({ connect }) => {
    const { adapter, read } = await open(connect)
    expect(await adapter.slideSession({ sessionToken, expires: minutes(90), lastSeenAt: minutes(1) })).toBe(true)
    await database.connect().schema.alterTable('users').addColumn('plan', 'text').execute()
    expect((await read())?.user).toHaveProperty('plan')
    expect(await kept()).toEqual([])
  })
})

/** A fresh client of a pooler has sent nothing yet. */
function forgetParsed(client: PoolClient | undefined): void {
  const connection: unknown = client && Reflect.get(client, 'connection')
  if (typeof connection !== 'object' || connection === null) throw new Error('pg keeps its connection elsewhere now')
  Reflect.set(connection, 'parsedStatements', {})
}
