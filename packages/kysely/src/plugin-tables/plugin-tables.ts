import type { TableStore } from '@latchkey/core'
import { columnName, createTableStore } from '@latchkey/core/store'
import type { AnyKysely } from '../database.ts'
import type { DialectName } from '../dialect.ts'
import { incrementIn } from './increment.ts'
import { insertInto } from './insert.ts'
import { describeColumns, type PluginTable } from './plugin-table.ts'
import { readFrom } from './read.ts'
import { removeFrom } from './remove.ts'
import { takeFrom } from './take.ts'
import { updateIn } from './update.ts'

/** @param users the table of users that columns refer to; null if the users are in another store */
export function openPluginTables(db: AnyKysely, dialect: DialectName, users: string | null): TableStore {
  return createTableStore((name, spec) => {
    const [primaryKey = []] = spec.unique
    const columns = describeColumns(spec)
    const texts = new Set(columns.filter(({ type }) => type.kind === 'text').map(({ field }) => field))
    const table: PluginTable = { db, dialect, name, columns, texts, primaryKey: primaryKey.map(columnName), users }
    return {
      ...readFrom(table),
      insert: insertInto(table),
      update: updateIn(table),
      take: takeFrom(table),
      remove: removeFrom(table),
      increment: incrementIn(table),
    }
  })
}
