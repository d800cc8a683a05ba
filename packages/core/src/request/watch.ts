import type { SessionListener } from '../contract/context.ts'
import type { Found } from './look-up.ts'
import type { Rooms } from './rooms.ts'

/** Watches the session of a request. */
export function watchHere(rooms: Rooms, { identity }: Found, { changed, session, ended }: SessionListener): () => void {
  const { live, release } = rooms.live.hold(identity)
  try {
    const stop = live.watch({
      shaped: changed,
      session,
      ended: (reason) => {
        release()
        ended(reason)
      },
    })
    return () => {
      stop()
      release()
    }
  } catch (error) {
    release()
    throw error
  }
}
