import type { Column } from './column.ts'
import type { Cell } from './driver.ts'
import type { TableSpec } from './table.ts'

/** Every database indexes so many characters of a text. */
const MAX_KEYED = 255

/** The columns of text that are part of a key or an index: kept as they are, and no longer than 255 characters. */
export function keyedTexts({ columns, unique, indexes }: TableSpec): ReadonlySet<string> {
  const indexed = new Set([...unique, ...indexes].flat())
  const keyed = Object.entries(columns).filter(([name, { references }]) => references !== null || indexed.has(name))
  return new Set(keyed.filter(([, { kind }]) => kind === 'text').map(([name]) => name))
}

/**
 * A value as its column keeps it.
 *
 * @throws TypeError if the column can't hold it
 */
export function toCell(name: string, column: Column, isKeyed: boolean, value: unknown): Cell {
  if (value === null && column.nullable) return null
  switch (column.kind) {
    case 'text':
      return toText(name, isKeyed, value)
    case 'integer':
      if (Number.isSafeInteger(value)) return Number(value) + 0 // not -0
      throw new TypeError(`${name}: must be an integer that is safe to count with`)
    case 'boolean':
      if (typeof value === 'boolean') return value
      throw new TypeError(`${name}: must be true or false`)
    case 'instant':
      if (value instanceof Date && !Number.isNaN(value.getTime())) return value.getTime()
      throw new TypeError(`${name}: must be a valid date`)
    case 'json':
      return toJson(name, value)
  }
}

/**
 * The value of a cell, however the database's driver has read it.
 *
 * @throws RangeError for an integer that is too large
 */
export function fromCell(name: string, { kind }: Column, stored: unknown): unknown {
  if (stored === null || stored === undefined) return null
  switch (kind) {
    case 'text':
      // A plugin of the app's Kysely may have parsed a text that is JSON.
      return typeof stored === 'string' ? stored : JSON.stringify(stored)
    case 'integer':
      return toInteger(name, stored)
    case 'boolean':
      return stored === true || stored === 'true' || stored === 't' || Number(stored) === 1
    case 'instant':
      return new Date(Number(stored))
    case 'json':
      return typeof stored === 'string' ? JSON.parse(stored) : stored
  }
}

/** @throws RangeError if it has become too large to count with */
export function toInteger(name: string, stored: unknown): number {
  const value = Number(stored)
  if (Number.isSafeInteger(value)) return value
  throw new RangeError(`${name}: is no integer that is safe to count with`)
}

function toText(name: string, isKeyed: boolean, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${name}: must be text`)
  if (!isKeyed) return value.toWellFormed().replaceAll('\0', '\uFFFD')
  if (!isStorable(value)) throw new TypeError(`${name}: must be well-formed text without NUL`)
  if (!isShort(value)) throw new TypeError(`${name}: must have at most ${MAX_KEYED} characters`)
  return value
}

/** Whether every database gives this text back as it was: none holds half of a surrogate pair, and some no NUL. */
export function isStorable(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\0')
}

/** MySQL counts characters, of which some are two in JavaScript. */
function isShort(text: string): boolean {
  return text.length <= MAX_KEYED || (text.length <= 2 * MAX_KEYED && Array.from(text).length <= MAX_KEYED)
}

function toJson(name: string, value: unknown): string {
  const json: string | undefined = JSON.stringify(value)
  if (json === undefined) throw new TypeError(`${name}: must be a value that JSON can hold`)
  return json
}
