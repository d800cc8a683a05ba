import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Adapter } from '@auth/core/adapters'
import { type Kysely, sql } from 'kysely'
import Database from 'libsql'
import { createPool } from 'mysql2'
import { Pool } from 'pg'
import { installPackages } from '../../../../test/consumer/support/install.ts'
import type { TestDatabase } from '../support/database.ts'
import { DRIZZLE, KYSELY, PRISMA } from './old-tables.ts'

/** Auth.js's own adapters, as an app has them that comes from there. */
const VERSIONS = {
  '@auth/core': '0.41.3',
  '@auth/drizzle-adapter': '1.11.3',
  '@auth/kysely-adapter': '1.11.2',
  '@libsql/client': '0.18.0',
  'drizzle-orm': '0.45.4',
  kysely: '0.28.17',
  mysql2: '3.24.0',
  pg: '8.22.0',
}

export type OldAdapter = Required<Adapter>

/** An app on Auth.js: its adapter, on tables that it has made. */
export interface OldApp {
  readonly adapter: OldAdapter
  readonly close: () => Promise<unknown>
}

export interface OldAdapters {
  readonly open: (madeBy: 'kysely' | 'drizzle', database: TestDatabase) => Promise<OldApp>
  readonly remove: () => void
}

/** @throws RegistryUnreachable */
export async function installOldAdapters(): Promise<OldAdapters> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-old-app-'))
  await installPackages(folder, [], VERSIONS)
  const load = async (path: string): Promise<Record<string, unknown>> =>
    import(/* @vite-ignore */ pathToFileURL(join(folder, 'node_modules', path)).href) as Promise<
      Record<string, unknown>
    >
  return {
    open: (madeBy, database) => (madeBy === 'kysely' ? openKysely(load, database) : openDrizzle(load, database)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

type Load = (path: string) => Promise<Record<string, unknown>>
// Modules that are installed while the test runs have no types here.
type Make = new (...args: unknown[]) => never

/** Makes the tables as one of the adapters has them. */
export async function makeOldTables(madeBy: 'kysely' | 'drizzle' | 'prisma', database: TestDatabase): Promise<void> {
  const [dialect] = database.address
  const statements = { kysely: KYSELY, drizzle: DRIZZLE, prisma: PRISMA }[madeBy][dialect]
  // oxlint-disable-next-line typescript/no-explicit-any -- the old tables are in no schema of ours
  const db: Kysely<any> = database.connect()
  for (const statement of statements.split(';')) await sql.raw(statement).execute(db)
}

async function openKysely(load: Load, database: TestDatabase): Promise<OldApp> {
  await makeOldTables('kysely', database)
  const kysely = await load('kysely/dist/esm/index.js')
  const { KyselyAdapter } = (await load('@auth/kysely-adapter/index.js')) as {
    KyselyAdapter: (db: unknown) => OldAdapter
  }
  const [dialect, url] = database.address
  const create = (name: string, config: object): unknown => new (kysely[name] as Make)(config)
  const made =
    dialect === 'sqlite'
      ? create('SqliteDialect', { database: new Database(url) })
      : dialect === 'postgres'
        ? create('PostgresDialect', { pool: new Pool({ connectionString: url }) })
        : create('MysqlDialect', { pool: createPool({ uri: url, timezone: 'Z' }) })
  const db = new (kysely.Kysely as new (config: object) => { destroy: () => Promise<void> })({ dialect: made })
  return { adapter: KyselyAdapter(db), close: () => db.destroy() }
}

async function openDrizzle(load: Load, database: TestDatabase): Promise<OldApp> {
  await makeOldTables('drizzle', database)
  const { DrizzleAdapter } = (await load('@auth/drizzle-adapter/index.js')) as {
    DrizzleAdapter: (db: unknown) => OldAdapter
  }
  const [dialect, url] = database.address
  const driver = { sqlite: 'libsql', postgres: 'node-postgres', mysql: 'mysql2' }[dialect]
  const { drizzle } = (await load(`drizzle-orm/${driver}/index.js`)) as {
    drizzle: (client: unknown, config?: object) => unknown
  }
  if (dialect === 'sqlite') {
    const { createClient } = (await load('@libsql/client/lib-esm/node.js')) as {
      createClient: (config: object) => { close: () => void }
    }
    const client = createClient({ url: `file:${url}` })
    return { adapter: DrizzleAdapter(drizzle(client)), close: async () => client.close() }
  }
  if (dialect === 'postgres') {
    const { default: pg } = (await load('pg/lib/index.js')) as {
      default: { Pool: new (config: object) => { end: () => Promise<void> } }
    }
    const pool = new pg.Pool({ connectionString: url })
    return { adapter: DrizzleAdapter(drizzle(pool)), close: () => pool.end() }
  }
  const { default: mysql } = (await load('mysql2/promise.js')) as {
    default: { createPool: (url: string) => { end: () => Promise<void> } }
  }
  const pool = mysql.createPool(url)
  return { adapter: DrizzleAdapter(drizzle(pool, { mode: 'default' })), close: () => pool.end() }
}
