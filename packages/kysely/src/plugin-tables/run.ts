import { type AliasedRawBuilder, type Compilable, type QueryResult, sql } from 'kysely'
import { countAffected } from '../writes.ts'
import type { PluginTable } from './plugin-table.ts'

/** How often a statement is tried that the database has ended in favour of another. */
const MAX_TRIES = 5

/**
 * Runs a write. Of two that wait for each other the database ends one, which then has changed nothing: it is tried again, unless it
 * belongs to a transaction of the app, which has ended with it.
 */
export async function runWrite<TRow>({ db }: PluginTable, query: Compilable<TRow>): Promise<QueryResult<TRow>> {
  for (let left = MAX_TRIES; ; left--) {
    try {
      return await db.executeQuery(query)
    } catch (error) {
      if (left <= 1 || db.isTransaction || !isDeadlock(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 10))
    }
  }
}

function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && DEADLOCKS.has(error.code)
}

/** PostgreSQL's and MySQL's: a deadlock, and a row that has changed since a statement began. */
const DEADLOCKS: ReadonlySet<string> = new Set(['40P01', '40001', 'ER_LOCK_DEADLOCK', 'ER_CHECKREAD'])

/** What a write returns for each row if the database can: not every driver counts. */
export const WRITTEN: AliasedRawBuilder<number, 'latchkeyWritten'> = sql<number>`1`.as('latchkeyWritten')

/** How many rows a write with {@link WRITTEN} has found. */
export function countRows({ dialect }: PluginTable, { rows, numAffectedRows }: QueryResult<unknown>): number {
  return dialect === 'mysql' ? countAffected(numAffectedRows) : rows.length
}
