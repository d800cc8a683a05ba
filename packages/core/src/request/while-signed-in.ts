import { runOneAtATime } from '../accounts/one-at-a-time.ts'
import { findTakingAdapter, mayBeTakenOver } from '../accounts/take-over.ts'
import { AuthError } from '../errors.ts'
import { hasEnded } from '../session/row-state.ts'
import type { RequestEngine } from './engine.ts'
import type { SessionLookUp } from './look-up.ts'

/**
 * Runs a write that must not meet a take-over: one that adds a way in, removes one that may come back, or deletes the account. An account whose
 * address nobody has proven can be taken over at any moment, and what is written after that stays. So neither begins before the other has
 * ended, and this one not unless its session is still there.
 *
 * @throws AuthError `SessionRevoked`
 */
export async function whileSignedIn<T>(
  engine: RequestEngine,
  { identity, session }: SessionLookUp,
  run: () => Promise<T>,
): Promise<T> {
  const confirmed = async () => {
    if (engine.revocations.has(identity.sessionId) || (await hasEnded(engine, identity)))
      throw new AuthError('SessionRevoked')
    return run()
  }
  const row = await engine.adapter?.getUser?.(session.user.id)
  const taking = findTakingAdapter(engine)
  return taking && row && mayBeTakenOver(engine, row) ? runOneAtATime(taking, row.id, confirmed) : confirmed()
}
