import type { Engine } from '../engine.ts'
import { runCallback } from '../run-callbacks.ts'
import type { Identity } from './identity.ts'
import { toClientSession, toSession } from './to-session.ts'

/**
 * The session as it leaves the server: the only place where the session callback runs (S1). What it returns is exactly what the
 * client sees (S4); it changes neither token nor row (S8).
 *
 * @throws AuthError `CallbackRouteError`
 */
export async function shapeForClient(engine: Engine, identity: Identity): Promise<unknown> {
  const session = toClientSession(engine, toSession(engine, identity))
  const { session: callback } = engine.callbacks
  // Copies: a callback that writes into them changes nothing (S8).
  const token = structuredClone(identity.token)
  const shaped = callback ? await runCallback(() => callback({ session, token, user: { ...identity.user } })) : session
  const { sub } = identity.token
  engine.emit('session', { session: shaped, userId: sub, sessionId: identity.sessionId })
  return shaped ?? null
}
