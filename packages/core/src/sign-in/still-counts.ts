import { isTakenOver } from '../accounts/take-over.ts'
import { runCallback } from '../config/run-callbacks.ts'
import type { Identity } from '../contract/identity.ts'
import { AuthError } from '../errors.ts'
import { hasEnded } from '../session/row-state.ts'
import type { SignInEngine } from './engine.ts'
import type { Found } from './ready.ts'

/** Asks once more whether what has verified somebody still counts. */
export type StillCounts = () => Promise<boolean>

/** What a sign-in was based on. */
export interface Basis {
  readonly found: Found
  /** The session that asked for this one; null: there was none. */
  readonly replaces?: Identity | null
  readonly stillCounts?: StillCounts | undefined
}

/**
 * Refuses a sign-in if what it was based on has changed since it began: the account was taken over, the password was changed, the session that
 * asked has ended. To be called once the new session has been written. Whoever changes such a thing writes that first and ends sessions second; so
 * the later of the two sees the other.
 *
 * @throws AuthError `SessionRevoked`
 */
export async function requireStillCounts(engine: SignInEngine, { found, replaces, stillCounts }: Basis): Promise<void> {
  const isGone =
    (found.isUnverified && (await isTakenOver(engine, found.id))) ||
    (replaces && (await hasEnded(engine, replaces))) ||
    (stillCounts && !(await runCallback(stillCounts)))
  if (isGone) throw new AuthError('SessionRevoked')
}
