import { type Expression, type SqlBool, sql } from 'kysely'
import type { DialectName } from './dialect.ts'

/**
 * Whether a column is this text, byte by byte. MySQL's comparison forgives trailing spaces, and in a table of the app's own maybe
 * case and accents too: names of people and sessions must not. The plain comparison stays beside, for the index.
 */
export function isText(dialect: DialectName, column: string, text: string): Expression<SqlBool> {
  const reference = sql.ref(column)
  if (dialect !== 'mysql') return sql<SqlBool>`${reference} = ${text}`
  return sql<SqlBool>`(${reference} = ${text} and ${toBytes(reference)} = ${toBytes(sql`${text}`)})`
}

/** The opposite: also of what only looks the same to MySQL. */
export function isOtherText(dialect: DialectName, column: string, text: string): Expression<SqlBool> {
  const reference = sql.ref(column)
  if (dialect !== 'mysql') return sql<SqlBool>`${reference} <> ${text}`
  return sql<SqlBool>`${toBytes(reference)} <> ${toBytes(sql`${text}`)}`
}

function toBytes(text: Expression<unknown>): Expression<unknown> {
  return sql`cast(convert(${text} using utf8mb4) as binary)`
}
