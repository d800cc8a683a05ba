import { DrizzleAdapter } from '@auth/drizzle-adapter'
import { KyselyAdapter, type Database as Tables } from '@auth/kysely-adapter'
import PostgresAdapter from '@auth/pg-adapter'
import type { Adapter } from '@latchkey/core'
import { createClient } from '@libsql/client'
import { drizzle as drizzleOnLibsql } from 'drizzle-orm/libsql'
import { drizzle as drizzleOnPostgres } from 'drizzle-orm/node-postgres'
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import Database from 'libsql'
import pg from 'pg'
import { DRIZZLE_POSTGRES, DRIZZLE_SQLITE, KYSELY_POSTGRES, KYSELY_SQLITE, PG } from './tables.ts'

/** An adapter of Auth.js's on a real database, with its tables as its documentation has them. */
export interface Store {
  readonly adapter: Adapter
  readonly close: () => Promise<unknown>
}

/** @param where a file's path, or the address of a schema of one's own */
export const STORES: Readonly<Record<string, (where: string) => Promise<Store>>> = {
  'kysely on sqlite': async (where) => {
    const database = new Database(where)
    database.exec(KYSELY_SQLITE)
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
    return { adapter: KyselyAdapter(db), close: () => db.destroy() }
  },
  'kysely on postgres': async (where) => {
    const pool = await openPool(where, KYSELY_POSTGRES)
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
    return { adapter: KyselyAdapter(db), close: () => db.destroy() }
  },
  'drizzle on sqlite': async (where) => {
    const client = createClient({ url: `file:${where}` })
    await client.executeMultiple(DRIZZLE_SQLITE)
    return { adapter: DrizzleAdapter(drizzleOnLibsql(client)), close: async () => client.close() }
  },
  'drizzle on postgres': async (where) => {
    const pool = await openPool(where, DRIZZLE_POSTGRES)
    return { adapter: DrizzleAdapter(drizzleOnPostgres(pool)), close: () => pool.end() }
  },
  'pg on postgres': async (where) => {
    const pool = await openPool(where, PG)
    return { adapter: PostgresAdapter(pool), close: () => pool.end() }
  },
}

async function openPool(where: string, tables: string): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: where })
  await pool.query(tables)
  return pool
}
