import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { busTables, mysqlDialect, pollingBus, postgresBus, postgresDialect, sqliteDialect } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { redisBus } from '@latchkey/redis'
import { Redis } from 'ioredis'
import { Kysely } from 'kysely'
import { createClient } from 'redis'

// What two instances share: a database, and a bus over it. Each has an empty database of its own, which goes again.

const POSTGRES = process.env.POSTGRES_URL ?? 'postgres://root@127.0.0.1:5432/test'
const REDIS = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'
const MYSQL = process.env.MYSQL_URL ?? 'mysql://root@127.0.0.1:3306/test'

/** The buses by name, with the server that each needs. */
export const BUSES = {
  'listen-postgres': { store: 'postgres', open: ({ pool }) => postgresBus(pool) },
  'poll-postgres': { store: 'postgres', open: ({ db }) => pollingBus(db) },
  'poll-mysql': { store: 'mysql', open: ({ db }) => pollingBus(db) },
  'poll-sqlite': { store: 'sqlite', open: ({ db }) => pollingBus(db) },
  ioredis: { store: 'postgres', open: () => redisBus(new Redis(REDIS), { prefix: 'latchkey-test:' }) },
  'node-redis': { store: 'postgres', open: () => redisBus(createClient({ url: REDIS }), { prefix: 'latchkey-test:' }) },
}

/** @returns the address of an empty, migrated database, and how to drop it */
export async function createStore(store) {
  const name = `latchkey_${randomBytes(6).toString('hex')}`
  const created = await CREATE[store](name)
  const { db } = await openStore(store, created.address)
  await migrateToLatest(db, { plugins: [busTables] })
  await db.destroy()
  return created
}

/** @returns an instance's own connections */
export async function openStore(store, address) {
  if (store === 'sqlite') {
    const { default: Database } = await import('libsql')
    return { db: new Kysely({ dialect: sqliteDialect(new Database(address)) }) }
  }
  if (store === 'mysql') {
    const { createPool } = await import('mysql2')
    return { db: new Kysely({ dialect: mysqlDialect(createPool(address)) }) }
  }
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({ connectionString: address, connectionTimeoutMillis: 2_000 })
  return { pool, db: new Kysely({ dialect: postgresDialect(pool) }) }
}

const CREATE = {
  sqlite: async (name) => {
    const folder = mkdtempSync(join(tmpdir(), `${name}-`))
    return { address: join(folder, 'app.db'), drop: async () => rmSync(folder, { recursive: true }) }
  },
  mysql: async (name) => {
    const { createConnection } = await import('mysql2/promise')
    return createOnServer(MYSQL, name, async (statement) => {
      const connection = await createConnection(MYSQL)
      await connection.query(statement)
      await connection.end()
    })
  },
  postgres: async (name) => {
    const { default: pg } = await import('pg')
    return createOnServer(POSTGRES, name, async (statement) => {
      const client = new pg.Client(POSTGRES)
      await client.connect()
      await client.query(statement)
      await client.end()
    })
  },
}

async function createOnServer(url, name, run) {
  await run(`create database ${name}`)
  const address = new URL(url)
  address.pathname = name
  return { address: address.href, drop: () => run(`drop database ${name}`) }
}
