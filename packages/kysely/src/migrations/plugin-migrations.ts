import type { TableSpec } from '@latchkey/core'
import { columnName, tableName } from '@latchkey/core/store'
import type { AnyKysely } from '../database.ts'
import { dialectOf } from '../dialect.ts'
import { addColumns, createPluginTable, type PluginSchema } from './create-plugin-table.ts'
import type { History } from './history.ts'

/** What a migration needs to know of a plug-in. */
export interface PluginTables {
  readonly id: string
  readonly tables?: Readonly<Record<string, TableSpec>> | undefined
}

/**
 * The migrations of plug-ins, as their tables describe them. Each plug-in's are listed in a table of their own: a plug-in that is added
 * or removed changes nothing for the others.
 *
 * @param users the table that columns refer to, or null
 * @throws TypeError if two plug-ins have one id
 */
export function pluginHistories(
  plugins: readonly PluginTables[],
  migrationTable: string,
  users: string | null,
): readonly History[] {
  const histories = plugins
    .filter(({ tables = {} }) => Object.keys(tables).length > 0)
    .map((plugin): History => historyOf(plugin, migrationTable, users))
  if (new Set(histories.map(({ table }) => table)).size < histories.length)
    throw new TypeError('plugins: two of them have the same id')
  return histories
}

function historyOf({ id, tables = {} }: PluginTables, migrationTable: string, users: string | null): History {
  const named = Object.entries(tables).map(([table, spec]) => [tableName(id, table), spec] as const)
  const steps = [...new Set(named.flatMap(([, spec]) => stepsOf(spec)))].toSorted((a, b) => a - b)
  const record = steps.map((step) => {
    const up = async (db: AnyKysely) => {
      const schema = { db, dialect: dialectOf(db), users, step }
      for (const [name, spec] of named) await migrate(schema, name, spec)
    }
    return [tableName(id, String(step).padStart(3, '0')), { up }] as const
  })
  return { table: `${migrationTable}_${columnName(id)}`, record }
}

/** The migrations in which something happens to a table. */
function stepsOf({ columns, since }: TableSpec): readonly number[] {
  return [since, ...Object.values(columns).flatMap((column) => column.since ?? [])]
}

async function migrate(schema: PluginSchema, name: string, spec: TableSpec): Promise<void> {
  if (schema.step === spec.since) await createPluginTable(schema, name, spec)
  if (schema.step > spec.since) await addColumns(schema, name, spec)
}
