import { type CompleteAdapter, memoryAdapter, type TableStore } from '@latchkey/core'
import { kyselyAdapter } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { sql } from 'kysely'
import { findMariadb, findPostgres, type Service } from '../../../kysely/test/services.ts'
import type { TestDatabase } from '../../../kysely/test/support/database.ts'
import { createMariadb } from '../../../kysely/test/support/mariadb.ts'
import { createPostgres } from '../../../kysely/test/support/postgres.ts'
import { createSqlite } from '../../../kysely/test/support/sqlite.ts'
import { apiKeys } from '../../src/index.ts'

/** A store with the tables of API keys, and everything that stands in them. */
export interface OpenStore {
  readonly adapter: CompleteAdapter & TableStore
  /** The rows of keys as text; null: they can't be read from outside. */
  readonly dump: () => Promise<string | null>
  readonly close: () => Promise<void>
}

export interface StoreCase {
  readonly name: string
  readonly service: Service | null
  readonly open: () => Promise<OpenStore>
}

export async function listStores(): Promise<readonly StoreCase[]> {
  const [postgres, mariadb] = [await findPostgres(), await findMariadb()]
  return [
    {
      name: 'memory',
      service: null,
      open: async () => ({ adapter: memoryAdapter(), dump: async () => null, close: async () => {} }),
    },
    { name: 'SQLite', service: null, open: async () => openDatabase(await createSqlite()) },
    { name: 'PostgreSQL', service: postgres, open: async () => openDatabase(await createPostgres(postgres)) },
    { name: 'MariaDB', service: mariadb, open: async () => openDatabase(await createMariadb(mariadb)) },
  ]
}

async function openDatabase(database: TestDatabase): Promise<OpenStore> {
  const db = database.connect()
  await migrateToLatest(db, { plugins: [apiKeys({ scopes: ['posts:read'] })] })
  return {
    adapter: kyselyAdapter(db),
    dump: async () => JSON.stringify((await sql`select * from api_key_keys`.execute(db)).rows),
    close: database.drop,
  }
}
