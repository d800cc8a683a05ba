import { checkColumns } from '../migrations/schema.ts'
import { writeInstant } from './their-instants.ts'
import type { Their } from './their-tables.ts'

/** What every new row has besides: an id if the table has that column, and the current time. */
export function createRowDefaults(their: Their): RowDefaults {
  const known = new Map<string, Promise<boolean>>()
  const hasId = (table: string, other: string) => {
    const asked = known.get(table) ?? hasColumn(their, table, 'id', other)
    known.set(table, asked)
    // A failure isn't kept.
    asked.catch(() => known.delete(table))
    return asked
  }
  return async (table, other) => {
    const { createdAt, updatedAt } = their
    const now = writeInstant(their, new Date())
    return {
      ...((await hasId(table, other)) && { id: crypto.randomUUID() }),
      ...(createdAt !== null && { [createdAt]: now }),
      ...(updatedAt !== null && { [updatedAt]: now }),
    }
  }
}

/** @param other a column that the table has in any case */
export type RowDefaults = (table: string, other: string) => Promise<Readonly<Record<string, unknown>>>

/** @param other a column that the table has in any case: if that can't be read either, something else is wrong */
async function hasColumn(their: Their, table: string, column: string, other: string): Promise<boolean> {
  try {
    await checkColumns(their, table, [column])
    return true
  } catch {
    await checkColumns(their, table, [other])
    return false
  }
}

/** PostgreSQL's `invalid_text_representation`: a text that can't be an id, because ids are UUIDs there. */
const INVALID_TEXT = '22P02'

/** No row, instead of the error of a database whose ids have a type that the given text doesn't fit. */
export async function noneIfUnfit<T>(none: T, find: () => Promise<T>): Promise<T> {
  try {
    return await find()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === INVALID_TEXT) return none
    throw error
  }
}
