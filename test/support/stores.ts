import { type AnyPlugin, type CompleteAdapter, memoryAdapter, type TableStore } from '@latchkey/core'
import { kyselyAdapter } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { sql } from 'kysely'
import { findMariadb, findPostgres, type Service } from '../../packages/kysely/test/services.ts'
import type { TestDatabase } from '../../packages/kysely/test/support/database.ts'
import { createMariadb } from '../../packages/kysely/test/support/mariadb.ts'
import { createPostgres } from '../../packages/kysely/test/support/postgres.ts'
import { createSqlite } from '../../packages/kysely/test/support/sqlite.ts'

/** A store with the tables of some plug-ins. */
export interface OpenStore {
  readonly adapter: CompleteAdapter & TableStore
  /** The rows of a table as text; null: they can't be read from outside. */
  readonly dump: (table: string) => Promise<string | null>
  readonly close: () => Promise<void>
}

export interface StoreCase {
  readonly name: string
  /** null: it is always there. */
  readonly service: Service | null
  readonly open: () => Promise<OpenStore>
}

/** Every kind of store, each to be opened for one test, with the tables of these plug-ins. */
export async function listStores(plugins: readonly AnyPlugin[]): Promise<readonly StoreCase[]> {
  const [postgres, mariadb] = [await findPostgres(), await findMariadb()]
  const open = (create: () => Promise<TestDatabase>) => async () => openDatabase(await create(), plugins)
  return [
    { name: 'memory', service: null, open: openMemory },
    { name: 'SQLite', service: null, open: open(createSqlite) },
    { name: 'PostgreSQL', service: postgres, open: open(() => createPostgres(postgres)) },
    { name: 'MariaDB', service: mariadb, open: open(() => createMariadb(mariadb)) },
  ]
}

export async function openMemory(): Promise<OpenStore> {
  return { adapter: memoryAdapter(), dump: async () => null, close: async () => {} }
}

async function openDatabase(database: TestDatabase, plugins: readonly AnyPlugin[]): Promise<OpenStore> {
  const db = database.connect()
  await migrateToLatest(db, { plugins })
  return {
    adapter: kyselyAdapter(db),
    dump: async (table) => JSON.stringify((await sql`select * from ${sql.table(table)}`.execute(db)).rows),
    close: database.drop,
  }
}
