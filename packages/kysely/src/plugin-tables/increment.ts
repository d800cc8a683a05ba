import { columnName, type Cells, type TableDriver } from '@latchkey/core/store'
import { type Expression, sql } from 'kysely'
import { isText } from '../same-text.ts'
import { checkUsersFound, insertForUsers } from './insert.ts'
import type { PluginTable } from './plugin-table.ts'
import { toColumns } from './rows.ts'
import { runWrite } from './run.ts'

export function incrementIn(table: PluginTable): TableDriver['increment'] {
  return table.dialect === 'mysql' ? incrementOnMysql(table) : incrementReturning(table)
}

function incrementReturning(table: PluginTable): TableDriver['increment'] {
  const { db, name, primaryKey } = table
  return async (row, field, by) => {
    const column = columnName(field)
    const query = db
      .insertInto(name)
      .values(toColumns(table, row))
      .onConflict((conflict) =>
        conflict.columns([...primaryKey]).doUpdateSet({ [column]: sql`${sql.ref(`${name}.${column}`)} + ${by}` }),
      )
      .returning(sql<unknown>`${sql.ref(column)}`.as('latchkeyValue'))
    return (await runWrite(table, query)).rows[0]?.latchkeyValue
  }
}

/** MySQL returns no rows from a write, but the one number that LAST_INSERT_ID was given. */
function incrementOnMysql(table: PluginTable): TableDriver['increment'] {
  return async (row, field, by) => {
    const column = columnName(field)
    const columns = { ...toColumns(table, row), [column]: asInsertId(sql`${row[field]}`) }
    const query = insertForUsers(table, row, columns).onDuplicateKeyUpdate({
      [column]: asInsertId(added(table, row, column, by)),
    })
    const { insertId = 0n, numAffectedRows } = await runWrite(table, query)
    checkUsersFound(Number(numAffectedRows ?? 1))
    // A driver may have read a negative number as a large one.
    return BigInt.asIntN(64, insertId)
  }
}

/** The value itself, which the statement's result then carries. The function takes a negative number for a large one. */
function asInsertId(value: Expression<unknown>): Expression<unknown> {
  return sql`cast(last_insert_id(${value}) as signed)`
}

/** An error if the key is another one that differs by trailing spaces, which MySQL's unique keys forgive. */
function added({ dialect, name, columns, primaryKey }: PluginTable, row: Cells, column: string, by: number) {
  const sum = sql`${sql.ref(`${name}.${column}`)} + ${by}`
  const isSame = columns.flatMap(({ name: part, field }): Expression<unknown>[] => {
    const text = row[field]
    return primaryKey.includes(part) && typeof text === 'string' ? [isText(dialect, `${name}.${part}`, text)] : []
  })
  if (isSame.length === 0) return sum
  const isRow = sql`(${sql.join(isSame, sql` and `)})`
  // One more than the largest number is an error in every mode of SQL.
  return sql`if(${isRow}, ${sum}, cast(~0 + (not ${isRow}) as signed))`
}
