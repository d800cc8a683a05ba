import type { TableDriver } from '@latchkey/core'
import type { PluginTable } from './plugin-table.ts'
import { selection } from './rows.ts'
import { comesAfter, fulfils } from './where.ts'

type ReadMethods = Pick<TableDriver, 'get' | 'list'>

export function readFrom(table: PluginTable): ReadMethods {
  const { db, name, primaryKey } = table
  const select = db.selectFrom(name).select(selection(table))
  return {
    get: async (key) => (await select.where(fulfils(table, key)).executeTakeFirst()) ?? null,
    list: async ({ conditions, limit, after }) => {
      const meant = select.where(fulfils(table, conditions)).limit(limit)
      const page = primaryKey.reduce((query, column) => query.orderBy(column), meant)
      return (after ? page.where(comesAfter(table, after)) : page).execute()
    },
  }
}
