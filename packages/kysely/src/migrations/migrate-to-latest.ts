import type { AnyKysely } from '../database.ts'
import { dialectOf } from '../dialect.ts'
import { requireTableName, readTables, type TablesOption } from '../tables.ts'
import { createHistory, type History, readHistory, writeHistory } from './history.ts'
import { withLock } from './lock.ts'
import { type PluginTables, pluginHistories } from './plugin-migrations.ts'
import { createChallenges } from './create-challenges.ts'
import { CHALLENGES, migrationsFor } from './record.ts'

interface HistoryOption {
  /**
   * The table that lists which migrations have run. It is apart from the app's own, so that neither migrator finds the other's
   * migrations missing. Its columns are those of Kysely's `Migrator`. Each plug-in has a further one, whose name is this one's and the
   * plug-in's id: `latchkey_migration_password`.
   *
   * @default 'latchkey_migration'
   */
  readonly migrationTable?: string
}

/** What {@link migrateToLatest} takes: the names of tables, and the plug-ins. */
export interface MigrateOptions extends TablesOption, HistoryOption {
  /**
   * The plug-ins of the app, whose tables are made too: the same list as createAuth gets.
   *
   * @default none
   */
  readonly plugins?: readonly PluginTables[]
}

/** What {@link migrateTables} takes. */
export interface MigrateTablesOptions extends HistoryOption {
  /** The plug-ins whose tables are made: the same list as createAuth gets. */
  readonly plugins: readonly PluginTables[]
}

/**
 * Makes the tables, or brings them up to date. Any number of instances may do so at the same time, at every start: one of them
 * does the work, the others wait for it. If a database has no locks for this (Cloudflare D1, Neon over
 * HTTP), they may work side by side: every statement leaves alone what is there.
 *
 * Kysely's own `Migrator` is not used: no import of it works with both Kysely 0.28 and 0.29 in every bundler.
 *
 * @returns the names of the migrations that ran
 * @throws TypeError if `tables`, `migrationTable` or `plugins` is wrong; else the error of the database
 * @example await migrateToLatest(db, { plugins })
 */
export async function migrateToLatest(db: AnyKysely, options: MigrateOptions = {}): Promise<readonly string[]> {
  const table = readHistoryTable(options)
  const { users } = readTables(options)
  const own = { table, record: Object.entries(migrationsFor(options)) }
  return migrate(db, [own, ...pluginHistories(options.plugins ?? [], table, users)])
}

/**
 * Makes the tables of plug-ins and no others: for `kyselyTables(db)`, beside an adapter of Auth.js. No column refers to a users table,
 * for that has a name and a type of its own. Otherwise like {@link migrateToLatest}.
 *
 * @returns the names of the migrations that ran
 * @throws TypeError if `migrationTable` or `plugins` is wrong; else the error of the database
 * @example await migrateTables(db, { plugins })
 */
export async function migrateTables(db: AnyKysely, options: MigrateTablesOptions): Promise<readonly string[]> {
  // The engine keeps the sign-ins that wait for a second factor beside the plug-ins' tables.
  const table = readHistoryTable(options)
  const own: History = { table, record: [[CHALLENGES, { up: (connection) => createChallenges(connection, null) }]] }
  return migrate(db, [own, ...pluginHistories(options.plugins, table, null)])
}

function readHistoryTable({ migrationTable = 'latchkey_migration' }: HistoryOption): string {
  return requireTableName('migrationTable', migrationTable)
}

function migrate(db: AnyKysely, histories: readonly History[]): Promise<readonly string[]> {
  return withLock(db, dialectOf(db), async (connection) => {
    const names: string[] = []
    for (const history of histories) names.push(...(await run(connection, history)))
    return names
  })
}

/** A name in the table that this release doesn't know is left alone: a newer instance may run beside this one. */
async function run(db: AnyKysely, { table, record }: History): Promise<readonly string[]> {
  await createHistory(db, table)
  const done = await readHistory(db, table)
  const pending = record.filter(([name]) => !done.has(name))
  for (const [name, { up }] of pending) {
    await up(db)
    await writeHistory(db, table, name)
  }
  return pending.map(([name]) => name)
}
