import { isSessionAdapter, type SessionAdapter } from '../store/adapter.ts'
import type { RequestSource } from '../contract/context.ts'
import type { Engine } from '../config/engine.ts'
import { AuthError, invalidInput } from '../errors.ts'
import type { Identity } from '../contract/identity.ts'
import { hashSessionId } from '../token/hash.ts'
import type { SessionInfo } from '../contract/session.ts'
import type { Found } from './look-up.ts'
import { checkOwnOrigin } from './outgoing.ts'
import type { RequestEngine } from './engine.ts'

export async function listSessions(engine: RequestEngine, { identity }: Found): Promise<readonly SessionInfo[]> {
  const rows = await requireRows(engine).listSessions({ userId: identity.token.sub, now: engine.settings.clock() })
  return rows.map(({ id, createdAt, lastSeenAt, expires, userAgent, ip }) => ({
    id,
    current: id === identity.sessionId,
    createdAt,
    lastSeenAt,
    expires,
    device: userAgent,
    ip,
  }))
}

/** Ends one of this person's sessions; another's isn't found. */
export async function revokeSession(
  engine: RequestEngine,
  source: RequestSource,
  { identity }: Found,
  id: string,
): Promise<{ revoked: true }> {
  const { revocations } = engine
  checkOwnOrigin(engine, source)
  if (typeof id !== 'string' || id === '' || id.length > 255) throw invalidInput('id')
  await requireOwnLife(engine, identity)
  const now = engine.settings.clock()
  const revoked = await requireRows(engine).revokeSession({ id, userId: identity.token.sub, now })
  if (!revoked) throw new AuthError('NotFound')
  revocations.add([id])
  return { revoked: true as const }
}

export async function revokeOthers(
  engine: RequestEngine,
  source: RequestSource,
  { identity }: Found,
): Promise<{ revoked: number }> {
  checkOwnOrigin(engine, source)
  await requireOwnLife(engine, identity)
  return { revoked: await endAll(engine, identity, identity.sessionId) }
}

/** @throws AuthError `SessionRevoked` if the session that ends others has ended itself */
async function requireOwnLife(engine: Engine, identity: Identity): Promise<void> {
  requireRows(engine)
  if (!(await canEndOthers(engine, identity))) throw new AuthError('SessionRevoked')
}

/**
 * Whether a session may end its owner's others: sessions can be listed, and it hasn't ended itself. A token is believed for a while without
 * its row; for this it isn't.
 */
export async function canEndOthers({ adapter }: Engine, identity: Identity): Promise<boolean> {
  if (!isSessionAdapter(adapter)) return false
  const { token, sessionId, sessionToken } = identity
  const found = await adapter.getSessionAndUser(sessionToken ?? (await hashSessionId(sessionId)))
  // Another library's session has no row before it is renewed here.
  if (!found) return identity.foreign
  return !found.session.revokedAt && found.session.userId === token.sub
}

/** Ends all sessions of a person but one. @returns how many that were */
export async function endAll(engine: RequestEngine, identity: Identity, except: string | undefined): Promise<number> {
  const now = engine.settings.clock()
  const ended = await requireRows(engine).revokeSessions({ userId: identity.token.sub, except, now })
  engine.revocations.add(ended)
  return ended.length
}

function requireRows({ adapter }: Engine): SessionAdapter {
  if (isSessionAdapter(adapter)) return adapter
  throw new AuthError('NotFound', { detail: 'sessions: the adapter can neither list nor revoke sessions by id' })
}
