import { columnName, type Cell, type Cells } from '@latchkey/core/store'
import { type AliasedRawBuilder, sql } from 'kysely'
import type { DialectName } from '../dialect.ts'
import type { PluginTable } from './plugin-table.ts'

/**
 * Every column under the name that rows have for it: a spelling that the CamelCasePlugin, if the app's Kysely has it, maps onto
 * itself.
 */
export function selection({ columns }: PluginTable): readonly AliasedRawBuilder<unknown, string>[] {
  return columns.map(({ field, name }) => sql<unknown>`${sql.ref(name)}`.as(field))
}

/** A row, or a part of one, as columns. */
export function toColumns({ dialect }: PluginTable, cells: Cells): Record<string, Cell> {
  const columns = Object.entries(cells).map(([field, cell]) => [columnName(field), toValue(dialect, cell)] as const)
  return Object.fromEntries(columns)
}

/** SQLite has no booleans, and most of its drivers refuse them. */
export function toValue(dialect: DialectName, cell: Cell): Cell {
  return dialect === 'sqlite' && typeof cell === 'boolean' ? Number(cell) : cell
}
