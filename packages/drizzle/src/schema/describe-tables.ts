import { challengeTables, type TableSpec } from '@latchkey/core'
import { columnName, tableName } from '@latchkey/core/store'
import type { TableNames } from '@latchkey/kysely'
import { describeCoreTables, describeHistory, type Names } from './core-tables.ts'
import { describePluginTable } from './plugin-tables.ts'
import type { TableShape } from './shape.ts'

/** What the tables need to know of a plug-in. */
export interface PluginTables {
  readonly id: string
  readonly tables?: Readonly<Record<string, TableSpec>> | undefined
}

/** Which tables there are. */
export interface TablesOptions {
  /**
   * The plug-ins of the app, whose tables are made too: the same list as createAuth gets. `attemptTables` and `busTables` belong here too, if
   * the app uses them.
   *
   * @default none
   */
  readonly plugins?: readonly PluginTables[] | undefined
  /**
   * Other names for the tables. Give the adapter and `migrateToLatest` the same ones.
   *
   * @default `users`, `accounts`, `sessions`, `verification_tokens`
   */
  readonly tables?: TableNames | undefined
  /**
   * The table that lists which migrations of `migrateToLatest` have run.
   *
   * @default 'latchkey_migration'
   */
  readonly migrationTable?: string | undefined
}

/** Every table by the name that a schema exports it under. */
export interface DescribedTables {
  readonly core: Readonly<Record<keyof Names, TableShape>>
  /** Those of plug-ins, of sign-ins that wait for a second step, and of migrations: `passwordHashes` for `password_hashes`. */
  readonly others: readonly (readonly [key: string, shape: TableShape])[]
}

/** @throws TypeError if two plug-ins have one id */
export function describeTables(options: TablesOptions): DescribedTables {
  const { plugins = [], tables, migrationTable = 'latchkey_migration' } = options
  const owners = plugins.filter(({ tables: own = {} }) => Object.keys(own).length > 0)
  if (new Set(owners.map(({ id }) => id)).size < owners.length)
    throw new TypeError('plugins: two of them have the same id')
  const histories = [migrationTable, ...owners.map(({ id }) => `${migrationTable}_${columnName(id)}`)]
  const others = [
    ...[challengeTables, ...owners].flatMap(describePlugin),
    ...histories.map((name) => describeHistory(name)),
  ]
  return {
    core: describeCoreTables({ ...DEFAULT_NAMES, ...withoutUndefined(tables ?? {}) }),
    others: others.map((shape) => [keyOf(shape.name), shape] as const),
  }
}

const DEFAULT_NAMES: Names = {
  users: 'users',
  accounts: 'accounts',
  sessions: 'sessions',
  verification_tokens: 'verification_tokens',
}

function describePlugin({ id, tables = {} }: PluginTables): readonly TableShape[] {
  return Object.entries(tables).map(([table, spec]) => describePluginTable(tableName(id, table), spec))
}

/** `passwordHashes` for `password_hashes`. */
function keyOf(table: string): string {
  return table.replace(/[_.$]+(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function withoutUndefined(tables: TableNames): TableNames {
  return Object.fromEntries(Object.entries(tables).filter(([, name]) => name !== undefined))
}
