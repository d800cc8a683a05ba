import type { SessionListener } from '../context.ts'
import { AuthError, isAuthError } from '../errors.ts'
import { watchIdentity } from '../live/watch.ts'
import { shapeForClient } from '../session/shape.ts'
import type { Found } from './look-up.ts'
import type { Rooms } from './rooms.ts'

/** Watches the session of a request, shaping every change for clients, one after the other. */
export function watchHere(rooms: Rooms, { identity }: Found, listener: SessionListener): () => void {
  let shaping = Promise.resolve()
  const stop = watchIdentity(rooms, identity, {
    changed: (changed) => {
      shaping = shaping
        .then(async () => listener.changed(await shapeForClient(rooms.engine, changed)))
        .catch((cause: unknown) => {
          stop()
          listener.ended(isAuthError(cause) ? cause : new AuthError('CallbackRouteError', { cause }))
        })
    },
    ended: listener.ended,
  })
  return stop
}
