import { columnName, type CellCondition, type Cells, type Conditions } from '@latchkey/core/store'
import { type Expression, type SqlBool, sql } from 'kysely'
import { isText } from '../same-text.ts'
import type { PluginTable } from './plugin-table.ts'
import { toValue } from './rows.ts'

/** All of the conditions as one. */
export function toCondition(table: PluginTable, conditions: Conditions): Expression<SqlBool> {
  if (conditions.length === 0) return sql<SqlBool>`1 = 1`
  return sql<SqlBool>`(${sql.join(
    conditions.map((condition) => toComparison(table, condition)),
    sql` and `,
  )})`
}

function toComparison({ dialect, texts }: PluginTable, { column, is, value }: CellCondition): Expression<SqlBool> {
  const name = columnName(column)
  const reference = sql.ref(name)
  if (value === null) return sql<SqlBool>`${reference} is null`
  // By the column and not by the value, in whose place a parameter may stand.
  if (texts.has(column)) return isText(dialect, name, value as string) // checked by core
  return sql<SqlBool>`${reference} ${OPERATORS[is]} ${toValue(dialect, value)}`
}

const OPERATORS = { '=': sql`=`, '<': sql`<`, '>': sql`>` }

/** Whether a row comes after another in the order of the primary key: `a > ? or (a = ? and b > ?)`, which every database finds by an index. */
export function comesAfter({ dialect, columns, primaryKey }: PluginTable, row: Cells): Expression<SqlBool> {
  const steps = primaryKey.map((name, index) => {
    const ends = primaryKey.slice(0, index).map((earlier) => sql`${sql.ref(earlier)} = ${valueOf(earlier)}`)
    return sql`(${sql.join([...ends, sql`${sql.ref(name)} > ${valueOf(name)}`], sql` and `)})`
  })
  return sql<SqlBool>`(${sql.join(steps, sql` or `)})`

  function valueOf(name: string) {
    const field = columns.find((column) => column.name === name)?.field ?? name
    return toValue(dialect, row[field] ?? null)
  }
}
