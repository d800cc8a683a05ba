import { Kysely, sql } from 'kysely'
import { Pool } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { kyselyAdapter, postgresDialect } from '../src/index.ts'
import { migrateToLatest } from '../src/migrate.ts'
import { describeWith, findPostgres } from './services.ts'
import { runChild } from './support/child.ts'
import type { Db, TestDatabase } from './support/database.ts'
import { createPostgres } from './support/postgres.ts'
import { NOW, sessionOf } from './support/rows.ts'

const postgres = await findPostgres()

describeWith(postgres, 'the PostgreSQL dialect', () => {
  let database: TestDatabase
  // An empty one for each test: one must not find what another has left.
  beforeEach(async () => {
    database = await createPostgres(postgres)
  })
  afterEach(() => database.drop())

  test('X01 survives a server that ends its connections, checked out or running', async () => {
    const child = await runChild('hold-connection.mjs', ['helper', postgres.url])
    expect(child).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(child.stdout)).toEqual({ failed: 10, alive: 1 })
  })

  test('X01 the plain dialect does not: the process dies (negative control)', async () => {
    const child = await runChild('hold-connection.mjs', ['plain', postgres.url])
    expect(child.code).not.toBe(0)
    expect(child.stdout).toBe('')
    expect(child.stderr).toMatch(/Unhandled 'error' event/)
    expect(child.stderr).toMatch(/terminat/)
  })

  test('X06 a pool of two serves two hundred at once', async () => {
    const [, url] = database.address
    const db: Db = new Kysely({ dialect: postgresDialect(new Pool({ connectionString: url, max: 2 })) })
    await migrateToLatest(db)
    const adapter = kyselyAdapter(db, { writeTimeout: '30s' })
    await adapter.createUser({ id: 'ada' })
    const sessions = Array.from({ length: 200 }, () => sessionOf('ada'))
    await Promise.all(sessions.map((session) => adapter.createSession(session)))
    const found = await Promise.all(sessions.map(({ sessionToken }) => adapter.getSessionAndUser(sessionToken)))
    expect(found.map((row) => row?.session)).toEqual(sessions)
    expect(await adapter.revokeSessions({ userId: 'ada', now: NOW })).toHaveLength(200)
    await db.destroy()
  })

  test('M33 the tables may lie in a schema of their own, by the app’s withSchema or by their names', async () => {
    const db = database.connect()
    const schema = `${database.schema}_auth`
    await db.schema.createSchema(schema).execute()
    try {
      const inSchema = db.withSchema(schema)
      expect(await migrateToLatest(inSchema)).toHaveLength(6)
      expect(await migrateToLatest(inSchema)).toEqual([])
      await kyselyAdapter(inSchema).createUser({ id: 'ada', email: 'ada@example.com' })
      const session = sessionOf('ada')
      await kyselyAdapter(inSchema).createSession(session)
      const tables = {
        users: `${schema}.users`,
        accounts: `${schema}.accounts`,
        sessions: `${schema}.sessions`,
        verification_tokens: `${schema}.verification_tokens`,
      }
      const named = kyselyAdapter(db, { tables })
      expect(await named.getSessionAndUser(session.sessionToken)).toMatchObject({ session, user: { id: 'ada' } })
      expect(await named.getUserByEmail('ADA@example.com')).toMatchObject({ id: 'ada' })
      expect(await named.deleteExpired({ now: new Date(session.expires) })).toBe(1)
      const { rows } = await sql<{ name: string }>`
        select table_name as name from information_schema.tables where table_schema = ${schema} order by 1`.execute(db)
      const names = [
        'accounts',
        'latchkey_challenges',
        'latchkey_migration',
        'sessions',
        'users',
        'verification_tokens',
      ]
      expect(rows.map(({ name }) => name)).toEqual(names)
      const tablesOutside =
        await sql`select 1 from information_schema.tables where table_schema = ${database.schema}`.execute(db)
      expect(tablesOutside.rows).toEqual([])
    } finally {
      await db.schema.dropSchema(schema).cascade().execute()
    }
  })
})
