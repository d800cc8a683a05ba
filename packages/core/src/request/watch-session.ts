import type { SessionListener } from '../contract/questions.ts'
import type { SessionLookUp } from './look-up.ts'
import type { RequestEngine } from './engine.ts'

/** Watches the session of a request. */
export function watchSession(
  engine: RequestEngine,
  { identity }: SessionLookUp,
  { changed, session, ended }: SessionListener,
): () => void {
  const { live, release } = engine.live.hold(identity)
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
