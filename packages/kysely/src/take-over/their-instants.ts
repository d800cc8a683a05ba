import { type RawBuilder, sql } from 'kysely'
import type { Their } from './their-tables.ts'

/**
 * A column that holds an instant, as milliseconds. A column without a time zone holds UTC: that is what these libraries write. (Drivers
 * would read it in the time zone of the process.)
 */
export function readInstant({ dialect }: Pick<Their, 'dialect'>, column: string): RawBuilder<unknown> {
  const reference = sql.ref(column)
  if (dialect === 'postgres') return sql`(extract(epoch from ${reference}) * 1000)::float8`
  if (dialect === 'mysql') return sql`(timestampdiff(microsecond, timestamp'1970-01-01 00:00:00', ${reference}) / 1000)`
  return sql`${reference}`
}

/** What {@link readInstant} selected; null for an empty column. @throws RangeError for anything that is no instant */
export function toInstant(value: unknown): Date | null {
  if (value === null || value === undefined) return null
  const isText = typeof value === 'string' && !/^-?\d+(?:\.\d+)?$/.test(value)
  const instant = new Date(isText ? toIso(value) : Math.round(Number(value)))
  if (Number.isNaN(instant.getTime())) throw new RangeError('a column of the old tables must hold an instant')
  return instant
}

/** SQLite's own `CURRENT_TIMESTAMP` writes `2026-01-31 12:00:00`, which is UTC. */
function toIso(text: string): string {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?$/.test(text) ? `${text.replace(' ', 'T')}Z` : text
}

/** An instant as the column of the other library has it. Text that ends in Z is UTC to PostgreSQL whether the column has a time zone or not. */
export function writeInstant({ dialect, sqliteInstants }: Their, instant: Date): string | number {
  const iso = instant.toISOString()
  if (dialect === 'mysql') return iso.slice(0, -1).replace('T', ' ')
  return dialect === 'sqlite' && sqliteInstants === 'number' ? instant.getTime() : iso
}
