import type { Cells, TableDriver } from '@latchkey/core/store'
import { type Expression, type InsertQueryBuilder, type InsertResult, type SqlBool, sql } from 'kysely'
import { isText } from '../same-text.ts'
import { countAffected } from '../writes.ts'
import type { PluginDatabase, PluginTable } from './plugin-table.ts'
import { toColumns } from './rows.ts'
import { countRows, runWrite, WRITTEN } from './run.ts'

export function insertInto(table: PluginTable): TableDriver['insert'] {
  return table.dialect === 'mysql' ? insertOnMysql(table) : insertUnlessTaken(table)
}

/** An error of a statement would end the app's transaction. */
function insertUnlessTaken(table: PluginTable): TableDriver['insert'] {
  return async (row) => {
    const query = table.db
      .insertInto(table.name)
      .values(toColumns(table, row))
      .onConflict((conflict) => conflict.doNothing())
      .returning(WRITTEN)
    return countRows(table, await runWrite(table, query)) > 0
  }
}

/** Not INSERT IGNORE: it lets a text that is cut and a user who doesn't exist pass. */
function insertOnMysql(table: PluginTable): TableDriver['insert'] {
  return async (row) => {
    try {
      const { numAffectedRows } = await runWrite(table, insertForUsers(table, row, toColumns(table, row)))
      checkUsersFound(countAffected(numAffectedRows))
      return true
    } catch (error) {
      if (isDuplicate(error)) return false
      throw error
    }
  }
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && error.errno === 1062
}

/** @throws Error if a row of {@link insertForUsers} was not written */
export function checkUsersFound(written: number): void {
  if (written === 0) throw new Error('there is no user with this id')
}

/** A foreign key of MySQL forgives trailing spaces: users of exactly these ids are looked up in the same statement. */
export function insertForUsers(
  table: PluginTable,
  row: Cells,
  columns: Readonly<Record<string, unknown>>,
): InsertQueryBuilder<PluginDatabase, string, InsertResult> {
  const { db, name } = table
  const names = Object.keys(columns)
  const isKnown = table.columns.flatMap(({ field, type }) => {
    const id = row[field]
    return type.references !== null && typeof id === 'string' ? userExists(table, id) : []
  })
  const one = sql<{ latchkey_one: number }>`(select 1 as latchkey_one)`.as('latchkey_rows')
  const values = names.map((column) => sql<unknown>`${columns[column]}`.as(column))
  return db
    .insertInto(name)
    .columns(names)
    .expression(isKnown.reduce((query, condition) => query.where(condition), db.selectFrom(one).select(values)))
}

function userExists({ db, dialect, users }: PluginTable, id: string): readonly Expression<SqlBool>[] {
  if (users === null) return []
  const user = db
    .selectFrom(users)
    .select(sql<number>`1`.as('latchkey_user'))
    .where(isText(dialect, 'id', id))
  return [sql<SqlBool>`exists (${user})`]
}
