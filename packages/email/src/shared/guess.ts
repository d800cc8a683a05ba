import type { Table } from '@latchkey/core'
import type { GuessSpec } from './tables.ts'

/** A row whose code may be guessed at. */
export interface Guessable {
  /** Another one with every code, so that no guess counts for a later code. */
  readonly id: string
  readonly expires: Date
}

export interface Guess<TRow extends Guessable> {
  readonly row: TRow
  /** How many guesses there are. */
  readonly max: number
  /** Takes the row out if the code is its own: of many calls at once exactly one gets it. */
  readonly take: () => Promise<TRow | null>
}

/**
 * Counts a guess, and compares only then: guesses that are made at once are all counted.
 *
 * @returns null: it was wrong. `'over'`: there were too many, so it wasn't compared
 */
export async function guess<TRow extends Guessable>(
  guesses: Table<GuessSpec>,
  { row: { id, expires }, max, take }: Guess<TRow>,
): Promise<TRow | 'over' | null> {
  const count = await guesses.increment({ request: id, count: 1, expires }, 'count')
  return count > max ? 'over' : take()
}
