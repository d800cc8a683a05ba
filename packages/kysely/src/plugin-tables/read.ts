import type { Cell, StoredRow, TableDriver } from '@latchkey/core/store'
import { type Param, type Prepared, prepare } from '../prepare.ts'
import type { PluginTable } from './plugin-table.ts'
import { selection, toValue } from './rows.ts'
import { comesAfter, toCondition } from './where.ts'

type ReadMethods = Pick<TableDriver, 'get' | 'list'>

export function readFrom(table: PluginTable): ReadMethods {
  const { db, name, primaryKey } = table
  const select = db.selectFrom(name).select(selection(table))
  return {
    get: prepareGet(table),
    list: async ({ conditions, limit, after }) => {
      const meant = select.where(toCondition(table, conditions)).limit(limit)
      const page = primaryKey.reduce((query, column) => query.orderBy(column), meant)
      return (after ? page.where(comesAfter(table, after)) : page).execute()
    },
  }
}

type Values = Readonly<Record<string, Cell>>

/** On the path of requests: compiled once for each unique key. */
function prepareGet(table: PluginTable): TableDriver['get'] {
  const { db, name, dialect } = table
  const prepared = new Map<string, Prepared<Values, StoredRow>>()
  return async (key) => {
    const shape = key.map(({ column }) => column).join()
    const run =
      prepared.get(shape) ??
      prepare(db, (param: Param<Values>) => {
        const conditions = key.map(({ column, is }) => ({ column, is, value: param(column) }))
        return db.selectFrom(name).select(selection(table)).where(toCondition(table, conditions))
      })
    prepared.set(shape, run)
    const values = Object.fromEntries(key.map(({ column, value }) => [column, toValue(dialect, value)]))
    return (await run(values)).rows[0] ?? null
  }
}
