import { isTakenOver } from '../accounts/take-over.ts'
import { runCallback } from '../config/run-callbacks.ts'
import { AuthError } from '../errors.ts'
import type { SignInEngine } from './engine.ts'
import type { Found } from './ready.ts'

/** Asks what has verified somebody once more; undefined: it can't have changed. */
export type StillCounts = (() => Promise<boolean>) | undefined

/**
 * Refuses a sign-in whose ground has gone since it began: somebody else has proven the address of the account, its password was changed. Asked
 * when the session is written. Whoever takes the ground away writes that first and then ends the sessions, so whichever of the two is later
 * sees the other.
 *
 * @param undo ends what has just been written, also if the question can't be answered
 * @throws AuthError `SessionRevoked`
 */
export async function requireStillCounts(
  engine: SignInEngine,
  { found, stillCounts }: { readonly found: Found; readonly stillCounts: StillCounts },
  undo: () => Promise<void>,
): Promise<void> {
  try {
    if (!found.isVerified && (await isTakenOver(engine, found.id))) throw new AuthError('SessionRevoked')
    if (stillCounts && !(await runCallback(stillCounts))) throw new AuthError('SessionRevoked')
  } catch (error) {
    // The reason of the first failure is the one that helps.
    await undo().catch((cause: unknown) => engine.settings.logger.error('a failed sign-in could not be undone', cause))
    throw error
  }
}
