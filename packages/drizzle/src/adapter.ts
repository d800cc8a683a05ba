import type { CompleteAdapter } from '@latchkey/core'
import { kyselyAdapter, type KyselyAdapterOptions } from '@latchkey/kysely'
import type { ConnectionOptions } from './dialect-for.ts'
import { type DrizzleDatabase, kyselyOf } from './kysely-of.ts'

/** What {@link drizzleAdapter} takes: the names of tables, how late a write may come, and how the connections are used. */
export interface DrizzleAdapterOptions extends KyselyAdapterOptions, ConnectionOptions {}

/**
 * Keeps users, accounts, sessions and verification tokens in the database that Drizzle is connected to, through the same connections. What
 * it does is what `kyselyAdapter` of `@latchkey/kysely` does, on PostgreSQL (`pg`, `postgres`, Neon), MySQL and MariaDB (`mysql2`), and
 * SQLite (`better-sqlite3`, `libsql`, `bun:sqlite`, `@libsql/client`, Cloudflare D1).
 *
 * The tables come from `@latchkey/drizzle/pg`, `/mysql` or `/sqlite` and drizzle-kit, or from
 * `migrateToLatest(kyselyOf(db))` of `@latchkey/kysely/migrate`: both make the same.
 *
 * @throws TypeError if `db` has a driver that is not supported, or `tables` is wrong
 * @example createAuth({ adapter: drizzleAdapter(db), … })
 */
export function drizzleAdapter(
  db: DrizzleDatabase,
  { prepare, ...options }: DrizzleAdapterOptions = {},
): CompleteAdapter {
  return kyselyAdapter(kyselyOf(db, prepare === undefined ? {} : { prepare }), options)
}
