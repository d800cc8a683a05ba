import type { TableDriver } from '@latchkey/core/store'
import { sql } from 'kysely'
import type { PluginTable } from './plugin-table.ts'
import { toColumns } from './rows.ts'
import { countRows, runWrite, WRITTEN } from './run.ts'
import { toCondition } from './where.ts'

export function updateIn(table: PluginTable): TableDriver['update'] {
  const { db, dialect, name, primaryKey } = table
  // A column that stays as it is, for a statement with nothing to change.
  const nothing = Object.fromEntries(primaryKey.slice(0, 1).map((column) => [column, sql`${sql.ref(column)}`]))
  return async (conditions, changes) => {
    const query = db
      .updateTable(name)
      .set(Object.keys(changes).length > 0 ? toColumns(table, changes) : nothing)
      .where(toCondition(table, conditions))
      .$if(dialect !== 'mysql', (update) => update.returning(WRITTEN))
    return countRows(table, await runWrite(table, query))
  }
}
