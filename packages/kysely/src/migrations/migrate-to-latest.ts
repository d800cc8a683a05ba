import type { AnyKysely } from '../database.ts'
import { dialectOf } from '../dialect.ts'
import { checkTableName, type TablesOption } from '../tables.ts'
import { createHistory, readHistory, writeHistory } from './history.ts'
import { withLock } from './lock.ts'
import { type Migration, migrationsFor } from './record.ts'

export interface MigrateOptions extends TablesOption {
  /**
   * The table that lists which migrations have run. It is apart from the app's own, so that neither migrator finds the other's
   * migrations missing. Its columns are those of Kysely's `Migrator`.
   *
   * @default 'latchkey_migration'
   */
  readonly migrationTable?: string
}

/**
 * Makes the tables, or brings them up to date. Any number of instances may do so at the same time, at every start: one of them
 * works, the others wait for it and find nothing left to do. Where a database has no locks for this (Cloudflare D1, Neon over
 * HTTP), they may work side by side: every statement leaves alone what is there.
 *
 * Kysely's own `Migrator` is not used: no import of it works with both Kysely 0.28 and 0.29 in every bundler.
 *
 * @returns the names of the migrations that ran
 * @throws TypeError if `tables` or `migrationTable` is wrong; else the error of the database
 * @example await migrateToLatest(db)
 */
export async function migrateToLatest(db: AnyKysely, options: MigrateOptions = {}): Promise<readonly string[]> {
  const { migrationTable = 'latchkey_migration' } = options
  const table = checkTableName('migrationTable', migrationTable)
  const record = Object.entries(migrationsFor(options))
  return withLock(db, dialectOf(db), (connection) => run(connection, table, record))
}

/** A name in the table that this release doesn't know is left alone: a newer instance may run beside this one. */
async function run(db: AnyKysely, table: string, record: readonly [string, Migration][]): Promise<readonly string[]> {
  await createHistory(db, table)
  const done = await readHistory(db, table)
  const pending = record.filter(([name]) => !done.has(name))
  for (const [name, { up }] of pending) {
    await up(db)
    await writeHistory(db, table, name)
  }
  return pending.map(([name]) => name)
}
