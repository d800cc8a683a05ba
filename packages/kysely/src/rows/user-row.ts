import type { AdapterUser } from '@latchkey/core'
import type { DialectName } from '../dialect.ts'
import { toDate, toMillisecondsOrNull } from './instants.ts'
import { requireStorable, toStorable } from './text.ts'

/** A row of the users table as the driver read it, the app's own columns among ours. */
export type UserColumns = Readonly<Record<string, unknown>>

/**
 * The row as the engine sees it: every column of the app's own is handed on as it is. Column by column, for it is done on every
 * request, and a rest of many members is slow.
 *
 * @param others columns that aren't the user's
 */
export function toUser(columns: UserColumns, others: ReadonlySet<string> = NONE): AdapterUser {
  // An app whose Kysely has the CamelCasePlugin gets all its columns in that spelling, this one too.
  const { id, email_verified: snakeCase, emailVerified = snakeCase } = columns
  const user: Record<string, unknown> & AdapterUser = { id: String(id), emailVerified: toVerified(emailVerified) }
  for (const column of Object.keys(columns)) {
    if (!OURS.has(column) && !others.has(column)) user[column] = columns[column]
  }
  return user
}

const NONE: ReadonlySet<string> = new Set()
/** The columns that are not handed on as they are. */
const OURS: ReadonlySet<string> = new Set(['id', 'email_verified', 'emailVerified'])

function toVerified(column: unknown): Date | null {
  if (column === null || column === undefined) return null
  return column instanceof Date ? column : toDate(Number(column))
}

/** The fields of a user as columns; those that are undefined are left alone. */
export function toUserColumns(fields: Partial<AdapterUser>, dialect: DialectName): Record<string, unknown> {
  const { id, email, emailVerified, ...rest } = fields
  const columns = Object.entries(rest).map(([field, value]) => [field, toColumn(value, dialect)])
  const known = [
    ['id', id === undefined ? undefined : requireStorable('id', id)],
    ['email', typeof email === 'string' ? requireStorable('email', email) : email],
    ['email_verified', emailVerified === undefined ? undefined : toMillisecondsOrNull(emailVerified)],
  ]
  return Object.fromEntries([...known, ...columns].filter(([, value]) => value !== undefined))
}

/**
 * A value of an app's own field, so that every driver binds it as a value. mysql2 would write an object into the statement as
 * `column = value` pairs, and SQLite's drivers know neither objects nor booleans.
 */
export function toColumn(value: unknown, dialect: DialectName): unknown {
  if (typeof value === 'string') return toStorable(value)
  if (dialect === 'sqlite' && typeof value === 'boolean') return Number(value)
  if (dialect === 'sqlite' && value instanceof Date) return toMillisecondsOrNull(value)
  if (dialect === 'postgres' || !isStructure(value)) return value
  return JSON.stringify(value)
}

function isStructure(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array)
}
