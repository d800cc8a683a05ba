import { Kysely, MysqlDialect, sql } from 'kysely'
import { createPool, type Pool } from 'mysql2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kyselyAdapter, mysqlDialect } from '../src/index.ts'
import { migrateToLatest } from '../src/migrate.ts'
import { describeWith, findMariadb } from './services.ts'
import { runChild } from './support/child.ts'
import type { Db, TestDatabase } from './support/database.ts'
import { createMariadb } from './support/mariadb.ts'
import { sessionOf } from './support/rows.ts'

const mariadb = await findMariadb()

describeWith(mariadb, 'the MySQL dialect', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createMariadb(mariadb)
    await migrateToLatest(database.connect())
  })
  afterAll(() => database.drop())

  /** A server with other settings, as far as its connections see it. */
  const poolWith = (sqlMode: string): Pool => {
    const pool = createPool(database.address[1])
    pool.on('connection', (connection) => connection.query('set session sql_mode = ?', [sqlMode]))
    return pool
  }

  test('X01 survives a server that ends its connections, checked out or running', async () => {
    const child = await runChild('hold-mysql-connection.mjs', ['helper', database.address[1]])
    expect(child).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(child.stdout)).toEqual({ failed: 10, alive: 1 })
  })

  test('D01 a value stays a value on a server that reads no backslashes', async () => {
    const db: Db = new Kysely({ dialect: mysqlDialect(poolWith('NO_BACKSLASH_ESCAPES')) })
    const text = `\\' or 1=1 -- `
    const { rows } = await sql<{ answer: string }>`select ${text} as answer`.execute(db)
    expect(rows).toEqual([{ answer: text }])
    const adapter = kyselyAdapter(db)
    await adapter.createUser({ id: 'ada' })
    await adapter.createSession(sessionOf('ada'))
    expect(await adapter.getSessionAndUser(text)).toBeNull()
    await db.destroy()
  })

  test('D01 with the plain dialect such a server runs what the value says (negative control)', async () => {
    const db: Db = new Kysely({ dialect: new MysqlDialect({ pool: poolWith('NO_BACKSLASH_ESCAPES') }) })
    const text = `x\\' or 1=1 -- `
    const { rows } = await sql<{ answer: number }>`select 'y' = ${text}`.execute(db)
    expect(Object.values(rows[0] ?? {})).toEqual([1])
    await db.destroy()
  })

  test('a name that is too long is refused, also where the server would cut it', async () => {
    const db: Db = new Kysely({ dialect: mysqlDialect(poolWith('')) })
    const id = 'x'.repeat(256)
    await expect(kyselyAdapter(db).createUser({ id })).rejects.toThrow(/too long/)
    expect(await kyselyAdapter(db).getUser(id.slice(0, 255))).toBeNull()
    const { rows } = await sql<{ mode: string }>`select @@session.sql_mode as mode`.execute(db)
    expect(rows).toEqual([{ mode: 'STRICT_TRANS_TABLES' }])
    await db.destroy()
  })

  test('the computed column stays out of what the app selects', async () => {
    const db = database.connect()
    await kyselyAdapter(db).createUser({ id: 'bob', email: 'Bob@example.com' })
    const row = await db.selectFrom('users').selectAll().where('id', '=', 'bob').executeTakeFirst()
    expect(Object.keys(row ?? {}).sort()).toEqual(['email', 'email_verified', 'id', 'image', 'name'])
  })
})
