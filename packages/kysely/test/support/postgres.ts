import { randomBytes } from 'node:crypto'
import { Kysely } from 'kysely'
import { Client, Pool } from 'pg'
import { postgresDialect } from '../../src/index.ts'
import type { Service } from '../services.ts'
import type { Db, TestDatabase } from './database.ts'

/** A schema of its own, the only one on the search path. */
export async function createPostgres({ url }: Service): Promise<TestDatabase> {
  const schema = `latchkey_${randomBytes(6).toString('hex')}`
  await administer(url, `create schema ${schema}`)
  const address = new URL(url)
  address.searchParams.set('options', `-c search_path=${schema}`)
  const open: Db[] = []
  return {
    schema,
    address: ['postgres', address.href],
    connect: (log) => {
      const pool = new Pool({ connectionString: address.href, connectionTimeoutMillis: 10_000 })
      const db: Db = new Kysely({ dialect: postgresDialect(pool), log: log ?? [] })
      open.push(db)
      return db
    },
    drop: async () => {
      for (const db of open) await db.destroy()
      await administer(url, `drop schema ${schema} cascade`)
    },
  }
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  await client.query(statement)
  await client.end()
}
