import { columnName, type Conditions, type TableDriver } from '@latchkey/core/store'
import { sql, type SqlBool } from 'kysely'
import type { PluginTable } from './plugin-table.ts'
import { countRows, runWrite, WRITTEN } from './run.ts'
import { toCondition } from './where.ts'

export function removeFrom(table: PluginTable): TableDriver['remove'] {
  const { db, dialect, name } = table
  return async (conditions, limit) => {
    const remove = db.deleteFrom(name).where(toCondition(table, conditions))
    if (dialect === 'mysql') {
      const query = limit === null ? remove : remove.orderBy(toOrderColumn(table, conditions)).limit(limit)
      return countRows(table, await runWrite(table, query))
    }
    const query = limit === null ? remove : remove.where(isChosen(table, conditions, limit))
    return countRows(table, await runWrite(table, query.returning(WRITTEN)))
  }
}

/** PostgreSQL's and most SQLites' DELETE takes no limit. The condition is asked again of what was chosen: it may have changed. */
function isChosen(table: PluginTable, conditions: Conditions, limit: number) {
  const key = sql.join(table.primaryKey.map((column) => sql.ref(column)))
  const chosen = sql`select ${key} from ${sql.table(table.name)} where ${toCondition(table, conditions)} order by ${sql.ref(toOrderColumn(table, conditions))} limit ${limit}`
  return sql<SqlBool>`(${key}) in (${chosen})`
}

/** By the column whose range is asked for, such as the expiry, for there is an index of it. */
function toOrderColumn({ primaryKey }: PluginTable, conditions: Conditions): string {
  const range = conditions.find(({ is }) => is !== '=')
  return range ? columnName(range.column) : (primaryKey[0] ?? '')
}
