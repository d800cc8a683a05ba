import { type Bounds, columnName, type Cells, type TableDriver } from '@latchkey/core/store'
import { type Expression, type SqlBool, sql } from 'kysely'
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
  return async (row, field, by, bounds) => {
    const column = columnName(field)
    const sum = sql`${sql.ref(`${name}.${column}`)} + ${by}`
    const query = db
      .insertInto(name)
      .values(toColumns(table, row))
      .onConflict((conflict) => {
        const update = conflict.columns([...primaryKey]).doUpdateSet({ [column]: sum })
        return isBounded(bounds) ? update.where(isWithin(sum, bounds)) : update
      })
      .returning(sql<unknown>`${sql.ref(column)}`.as('latchkeyValue'))
    // No row: it was there, and stayed as it was.
    return (await runWrite(table, query)).rows[0]?.latchkeyValue ?? null
  }
}

/** MySQL returns no rows from a write, but the one number that LAST_INSERT_ID was given. */
function incrementOnMysql(table: PluginTable): TableDriver['increment'] {
  return async (row, field, by, bounds) => {
    const column = columnName(field)
    const columns = { ...toColumns(table, row), [column]: asInsertId(sql`${row[field]}`) }
    const query = insertForUsers(table, row, columns).onDuplicateKeyUpdate({
      [column]: boundedOnMysql(table, column, added(table, row, column, by), bounds),
    })
    const { insertId = 0n, numAffectedRows } = await runWrite(table, query)
    checkUsersFound(Number(numAffectedRows ?? 1))
    // A driver may have read a negative number as a large one.
    const value = BigInt.asIntN(64, insertId)
    return value === REFUSED ? null : value
  }
}

/** What a statement of MySQL returns for a number that stayed as it was: no number that anybody can count to. */
const REFUSED = BigInt(Number.MIN_SAFE_INTEGER) - 1n

/** A number that leaves its bounds stays as it is, and the statement's result says so. */
function boundedOnMysql({ name }: PluginTable, column: string, sum: Expression<unknown>, bounds: Bounds) {
  if (!isBounded(bounds)) return asInsertId(sum)
  const reference = sql.ref(`${name}.${column}`)
  return sql`if(${isWithin(sum, bounds)}, ${asInsertId(sum)}, ${reference} + 0 * ${asInsertId(sql`${sql.lit(Number(REFUSED))}`)})`
}

function isBounded({ min, max }: Bounds): boolean {
  return min !== null || max !== null
}

function isWithin(sum: Expression<unknown>, { min, max }: Bounds): Expression<SqlBool> {
  const conditions = [
    ...(min === null ? [] : [sql`${sum} >= ${min}`]),
    ...(max === null ? [] : [sql`${sum} <= ${max}`]),
  ]
  return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`
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
