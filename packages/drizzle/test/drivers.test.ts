import { createClient } from '@libsql/client'
import { Pool as NeonPool } from '@neondatabase/serverless'
import { drizzle as drizzleLibsql } from 'drizzle-orm/libsql'
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres'
import { drizzle as drizzlePostgresJs } from 'drizzle-orm/postgres-js'
import { sql } from 'kysely'
import { createPool } from 'mysql2'
import { createPool as createPromisePool } from 'mysql2/promise'
import { Client, Pool } from 'pg'
import postgres from 'postgres'
import { describe, expect, onTestFinished, test } from 'vitest'
import { describeWith, findPostgres } from '../../kysely/test/services.ts'
import { drizzleAdapter, type DrizzleDatabase, kyselyOf } from '../src/index.ts'
import { createFakeD1 } from './support/fake-d1.ts'
import { createFolder } from './support/file.ts'

const service = await findPostgres()

describe('a driver is recognised by its shape', () => {
  const text = (client: object) =>
    kyselyOf<{ t: { c: number } }>({ $client: client }).selectFrom('t').select('c').where('c', '=', 1).compile().sql

  test.each([
    { driver: 'pg, a pool', client: () => new Pool(), sign: '$1' },
    { driver: 'pg, a client', client: () => new Client(), sign: '$1' },
    {
      driver: 'Neon, a pool',
      client: () => new NeonPool({ connectionString: 'postgres://a:b@c.example/d' }),
      sign: '$1',
    },
    { driver: 'postgres.js', client: () => postgres('postgres://localhost:1/none'), sign: '$1' },
    { driver: 'mysql2, a pool with callbacks', client: () => createPool('mysql://localhost:1/none'), sign: '`' },
    { driver: 'mysql2, a pool with promises', client: () => createPromisePool('mysql://localhost:1/none'), sign: '`' },
    { driver: '@libsql/client', client: () => createClient({ url: ':memory:' }), sign: '"t"' },
    { driver: 'Cloudflare D1', client: () => createFakeD1(':memory:'), sign: '"t"' },
  ])('$driver', ({ client, sign }) => {
    expect(text(client())).toContain(sign)
  })

  test.each([
    { refused: 'nothing', db: {} },
    { refused: 'a mock', db: { $client: '$client is not available on drizzle.mock()' } },
    {
      refused: 'a client of PlanetScale',
      db: { $client: { execute: () => {}, connection: () => {}, transaction: () => {} } },
    },
    { refused: 'a function', db: { $client: () => {} } },
  ])('$refused is refused, with what is supported', ({ db }) => {
    // What an app without types may pass.
    expect(() => drizzleAdapter(db as unknown as DrizzleDatabase)).toThrow(/postgres.*mysql2.*Cloudflare D1/)
  })

  test('there is one Kysely for each client', () => {
    const pool = new Pool()
    expect(kyselyOf(drizzlePg(pool))).toBe(kyselyOf(drizzlePg(pool)))
    expect(pool.listenerCount('error')).toBe(1)
    expect(kyselyOf(drizzlePg(new Pool()))).not.toBe(kyselyOf(drizzlePg(pool)))
  })
})

/** A transaction that ends, one that is taken back, and a statement beside. */
async function expectTransactions(db: DrizzleDatabase, table: string): Promise<void> {
  const kysely = kyselyOf<Record<string, { n: number }>>(db)
  await sql`create table ${sql.table(table)} (n integer)`.execute(kysely)
  await kysely.transaction().execute((transaction) => transaction.insertInto(table).values({ n: 1 }).execute())
  const failing = kysely.transaction().execute(async (transaction) => {
    await transaction.insertInto(table).values({ n: 2 }).execute()
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  await expect(
    kysely.transaction().execute((transaction) => sql`select nonsense`.execute(transaction)),
  ).rejects.toThrow(/nonsense/)
  expect(await kysely.selectFrom(table).select('n').execute()).toEqual([{ n: 1 }])
}

test('@libsql/client runs transactions of Kysely', async () => {
  const { file, remove } = await createFolder()
  const client = createClient({ url: `file:${file}` })
  onTestFinished(async () => {
    client.close()
    await remove()
  })
  await expectTransactions(drizzleLibsql(client), 'numbers')
})

describeWith(service, 'PostgreSQL', () => {
  const named = () => `numbers_${crypto.randomUUID().slice(0, 8)}`

  test('postgres.js runs transactions of Kysely', async () => {
    const client = postgres(service.url)
    const table = named()
    onTestFinished(async () => {
      await client.unsafe(`drop table ${table}`)
      await client.end()
    })
    await expectTransactions(drizzlePostgresJs(client), table)
  })

  test('a client of pg runs transactions, and statements beside them wait', async () => {
    const client = new Client(service.url)
    await client.connect()
    const table = named()
    onTestFinished(async () => {
      await client.query(`drop table ${table}`)
      await client.end()
    })
    const db = drizzlePg(client)
    await expectTransactions(db, table)
    const kysely = kyselyOf<Record<string, { n: number }>>(db)
    const slow = kysely.transaction().execute(async (transaction) => {
      await transaction.insertInto(table).values({ n: 3 }).execute()
      await new Promise((resolve) => setTimeout(resolve, 50))
      throw new Error('taken back')
    })
    const beside = kysely.insertInto(table).values({ n: 4 }).execute()
    await expect(slow).rejects.toThrow('taken back')
    await beside
    expect(await kysely.selectFrom(table).select('n').orderBy('n').execute()).toEqual([{ n: 1 }, { n: 4 }])
  })

  test('R06 a pool whose server ends its connections goes on', async () => {
    const pool = new Pool({ connectionString: service.url })
    onTestFinished(() => pool.end())
    const kysely = kyselyOf(drizzlePg(pool))
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(kysely)
    const other = new Client(service.url)
    await other.connect()
    await other.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    await other.end()
    await expect
      .poll(async () => (await sql`select 1 as one`.execute(kysely).catch(() => null))?.rows, { timeout: 10_000 })
      .toEqual([{ one: 1 }])
  })
})
