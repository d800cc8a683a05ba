import { runOneAtATime } from '../accounts/one-at-a-time.ts'
import { findTakingAdapter, isRecent } from '../accounts/take-over.ts'
import { AuthError } from '../errors.ts'
import { isSessionAdapter } from '../store/adapter.ts'
import { hashSessionId } from '../token/hash.ts'
import type { RequestEngine } from './engine.ts'
import type { SessionLookUp } from './look-up.ts'

/**
 * Runs something that gives a user another way in, once it is known that their session is still there. An account whose address nobody has
 * proven can be taken over at any moment, and what is written after that stays: so there neither begins before the other has ended.
 *
 * @throws AuthError `SessionRevoked`
 */
export async function whileSignedIn<T>(
  engine: RequestEngine,
  { identity, session }: SessionLookUp,
  run: () => Promise<T>,
): Promise<T> {
  const { adapter } = engine
  const confirmed = async () => {
    await confirmSession(engine, identity)
    return run()
  }
  const row = await adapter?.getUser?.(session.user.id)
  const taking = findTakingAdapter(engine)
  // A row that was verified long ago was taken over before, if at all: then the session has ended by now.
  if (!taking || !row || (row.emailVerified && !isRecent(engine, row.emailVerified))) return confirmed()
  return runOneAtATime(taking, row.id, confirmed)
}

/** Asks the store, whatever this instance remembers. One that keeps no sessions by id can't say. */
async function confirmSession(
  { adapter, revocations }: RequestEngine,
  { sessionId, sessionToken, foreign }: SessionLookUp['identity'],
): Promise<void> {
  if (revocations.has(sessionId)) throw new AuthError('SessionRevoked')
  if (!isSessionAdapter(adapter)) return
  const found = await adapter.getSessionAndUser(sessionToken ?? (await hashSessionId(sessionId)))
  // A session of another library has no row before it is renewed here.
  if (found ? found.session.revokedAt : !foreign) throw new AuthError('SessionRevoked')
}
