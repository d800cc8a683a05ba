import { deserialize, serialize } from 'node:v8'
import type { SessionAndUser } from '@latchkey/core'

/** A row with its user's, and when it was asked for. */
export interface CachedRow {
  readonly found: SessionAndUser
  /** Before the store was asked, by the clock of Redis: milliseconds since the epoch. */
  readonly askedAt: number
  /** The same by the clock of the instance that asked. */
  readonly writtenAt: number
}

/** What Redis holds of a row. null: a column of the app's own can't be read back as it is, an object of a class for example. */
export function writeRow(row: CachedRow): Uint8Array | null {
  return isPlain(row.found) ? serialize(row) : null
}

/** null: another release, or another version of Node, has written it. */
export function parseRow(bytes: Uint8Array): CachedRow | null {
  try {
    // It was sealed by an instance of this app.
    const row = deserialize(bytes) as Partial<CachedRow> | null
    if (!row?.found || typeof row.askedAt !== 'number' || typeof row.writtenAt !== 'number') return null
    return { found: row.found, askedAt: row.askedAt, writtenAt: row.writtenAt }
  } catch {
    return null
  }
}

/** Whether it comes back the same. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isPlain)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Date.prototype || prototype === Uint8Array.prototype || prototype === Buffer.prototype) return true
  return prototype === Object.prototype && Object.values(value).every(isPlain)
}
