import type { Conditions, StoredRow, TableDriver } from '@latchkey/core/store'
import { type Expression, type SqlBool, sql } from 'kysely'
import { isText } from '../same-text.ts'
import type { PluginColumn, PluginTable } from './plugin-table.ts'
import { selection } from './rows.ts'
import { countRows, runWrite } from './run.ts'
import { toCondition } from './where.ts'

export function takeFrom(table: PluginTable): TableDriver['take'] {
  return table.dialect === 'mysql' ? readAndDelete(table) : deleteReturning(table)
}

function deleteReturning(table: PluginTable): TableDriver['take'] {
  const { db, name } = table
  return async (conditions) => {
    const query = db.deleteFrom(name).where(toCondition(table, conditions)).returning(selection(table))
    const [row] = (await runWrite(table, query)).rows
    return row ?? null
  }
}

/** More often than any row changes meanwhile. */
const MAX_TRIES = 100

/** MySQL has no DELETE … RETURNING. What is deleted is as it was read; if another caller was faster, it is read again. */
function readAndDelete(table: PluginTable): TableDriver['take'] {
  return async (conditions) => {
    for (let left = MAX_TRIES; left > 0; left--) {
      const row = await read(table, conditions)
      if (!row || (await removeAsRead(table, conditions, row))) return row
    }
    throw new Error('a row could not be deleted as it was read')
  }
}

async function read(table: PluginTable, conditions: Conditions): Promise<StoredRow | null> {
  const query = table.db.selectFrom(table.name).select(selection(table)).where(toCondition(table, conditions))
  return (await query.executeTakeFirst()) ?? null
}

async function removeAsRead(table: PluginTable, conditions: Conditions, row: StoredRow): Promise<boolean> {
  const query = table.columns.reduce(
    (remove, column) => remove.where(isAsRead(table, column, row[column.field])),
    table.db.deleteFrom(table.name).where(toCondition(table, conditions)),
  )
  return countRows(table, await runWrite(table, query)) > 0
}

function isAsRead({ dialect }: PluginTable, { name }: PluginColumn, value: unknown): Expression<SqlBool> {
  if (value === null) return sql<SqlBool>`${sql.ref(name)} is null`
  // JSON that a plugin of the app's Kysely has parsed can't be compared, and mysql2 would write an object as SQL.
  if (typeof value === 'object') return sql<SqlBool>`${sql.ref(name)} is not null`
  return typeof value === 'string' ? isText(dialect, name, value) : sql<SqlBool>`${sql.ref(name)} = ${value}`
}
