import type { Engine } from '../config/engine.ts'
import { copyPlain } from '../internal/copy.ts'
import { runCallback } from '../config/run-callbacks.ts'
import type { Identity } from '../contract/identity.ts'
import { toClientSession, toSession } from './to-session.ts'

/**
 * The session as it leaves the server. What the session callback returns is exactly what the client sees; it changes neither token nor row.
 *
 * @throws AuthError `CallbackRouteError`
 */
export async function shapeForClient(engine: Engine, identity: Identity): Promise<unknown> {
  const session = await shapeSession(engine, identity)
  emitSession(engine, identity, session)
  return session
}

/**
 * Shapes a session that isn't sent yet, because something may still fail: {@link emitSession} follows when it is. The only place where the
 * session callback runs.
 *
 * @throws AuthError `CallbackRouteError`
 */
export async function shapeSession(engine: Engine, identity: Identity): Promise<unknown> {
  const session = toClientSession(engine, toSession(engine, identity))
  const { session: callback } = engine.callbacks
  if (!callback) return session
  // Copies: a callback that writes into them changes nothing.
  const token = structuredClone(identity.token)
  return (await runCallback(() => callback({ session, token, user: copyPlain(identity.user) }))) ?? null
}

/** Emits the `session` event for a session that is sent. */
export function emitSession(engine: Engine, { token, sessionId }: Identity, session: unknown): void {
  engine.emit('session', { session, userId: token.sub, sessionId })
}
