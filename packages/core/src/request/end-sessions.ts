import { isSessionAdapter, type SessionAdapter } from '../store/adapter.ts'
import type { Engine } from '../config/engine.ts'
import { AuthError } from '../errors.ts'
import type { Identity } from '../contract/identity.ts'
import { hasEnded, readRowState } from '../session/row-state.ts'
import type { SessionLookUp } from './look-up.ts'
import type { RequestEngine } from './engine.ts'

/** Ends all other sessions of the person whose session asks for it. @returns how many that were */
export async function endOthers(engine: RequestEngine, { identity }: SessionLookUp): Promise<number> {
  await requireOwnLife(engine, identity)
  return endAll(engine, identity, identity.sessionId)
}

/** @throws AuthError `SessionRevoked` if the session that ends others has ended itself */
export async function requireOwnLife(engine: Engine, identity: Identity): Promise<void> {
  requireRows(engine)
  if (!(await canEndOthers(engine, identity))) throw new AuthError('SessionRevoked')
}

/**
 * Whether a session may end its owner's others: sessions can be listed, and it hasn't ended itself. A token is used for a while without
 * its row; for this it isn't.
 */
export async function canEndOthers(engine: Engine, identity: Identity): Promise<boolean> {
  return isSessionAdapter(engine.adapter) && !(await hasEnded(engine, identity))
}

/** Ends all sessions of a person but one, and their sign-ins that wait for a second step. @returns how many sessions that were */
export async function endAll(engine: RequestEngine, identity: Identity, except: string | undefined): Promise<number> {
  const now = engine.settings.clock()
  const userId = identity.token.sub
  const adapter = requireRows(engine)
  return endWaiting(engine, userId, async () => {
    const ended = await adapter.revokeSessions({ userId, except, now })
    engine.revocations.add(ended)
    return ended.length
  })
}

/**
 * Ends all other sessions of the person who has just signed in. A store that can't list sessions ends none: then only those with an open stream
 * here end.
 *
 * @throws AuthError `SessionRevoked` if the new session has ended already: the others may be those of whoever has ended it
 */
export async function endOthersIfPossible(engine: RequestEngine, identity: Identity): Promise<void> {
  const { sub, sessionId } = { sub: identity.token.sub, sessionId: identity.sessionId }
  // A replica of the database may not have its row yet.
  if ((await readRowState(engine, identity)) === 'ended') throw new AuthError('SessionRevoked')
  if (isSessionAdapter(engine.adapter)) await endAll(engine, identity, sessionId)
  else await endWaiting(engine, sub, async () => {})
  engine.revocations.add(engine.live.idsOf(sub).filter((id) => id !== sessionId))
}

/** Ends a person's sign-ins that wait for a second step, and then sessions: also if the former fails, in a store of its own. */
export async function endWaiting<T>(
  { challenges }: RequestEngine,
  userId: string,
  endSessions: () => Promise<T>,
): Promise<T> {
  try {
    await challenges?.endAll(userId)
  } catch (error) {
    await endSessions()
    throw error
  }
  return endSessions()
}

export function requireRows({ adapter }: Engine): SessionAdapter {
  if (isSessionAdapter(adapter)) return adapter
  throw new AuthError('NotFound', { detail: 'sessions: the adapter can neither list nor revoke sessions by id' })
}
