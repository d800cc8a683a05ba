import type { Engine } from '../config/engine.ts'
import type { Identity } from '../contract/identity.ts'
import { isSessionAdapter } from '../store/adapter.ts'
import { hashSessionId } from '../token/hash.ts'

/** What the store says of a session. `'unknown'`: it keeps none by id. */
export type RowState = 'alive' | 'ended' | 'absent' | 'unknown'

/** Asks the store, whatever this instance remembers of the session. */
export async function readRowState({ adapter }: Engine, identity: Identity): Promise<RowState> {
  if (!isSessionAdapter(adapter)) return 'unknown'
  const { token, sessionId, sessionToken } = identity
  const found = await adapter.getSessionAndUser(sessionToken ?? (await hashSessionId(sessionId)))
  if (!found) return 'absent'
  return !found.session.revokedAt && found.session.userId === token.sub ? 'alive' : 'ended'
}

/** The same of a session that has been used before. */
export async function hasEnded(engine: Engine, identity: Identity): Promise<boolean> {
  const state = await readRowState(engine, identity)
  // A session of another library has no row before it is renewed here.
  return state === 'ended' || (state === 'absent' && !identity.foreign)
}
