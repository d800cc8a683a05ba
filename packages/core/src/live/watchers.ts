import type { Engine } from '../config/engine.ts'
import { AuthError, isAuthError } from '../errors.ts'
import type { Identity } from '../contract/identity.ts'
import { shapeForClient } from '../session/shape.ts'
import { freezeSession } from '../session/opened.ts'
import { toSession } from '../session/to-session.ts'
import type { Session } from '../contract/session.ts'
import { runIsolated } from '../internal/run-isolated.ts'

/** One stream that follows a session. */
export interface Watcher {
  /** Its claims or its life changed: the session as clients get it. The latest only, if shaping takes longer than the next change. */
  readonly shaped?: ((session: unknown) => void) | undefined
  /** The same for the server. */
  readonly session?: ((session: Session) => void) | undefined
  /** It is over, or can't be followed any more. Called once, last. */
  readonly ended: (reason: AuthError) => void
}

/** The streams of one session in this engine. */
export interface Watchers {
  /** @returns a function that removes it. @throws AuthError `RateLimited` */
  readonly add: (watcher: Watcher) => () => void
  readonly notify: (identity: Identity) => void
  readonly end: (reason: AuthError) => void
  readonly count: () => number
}

/** How many streams of one session an engine serves at once. */
const MAX_WATCHERS = 1_000

export function createWatchers(engine: Engine): Watchers {
  const watchers = new Set<Watcher>()
  /** What is still to be shaped; the latest only. */
  let waiting: Identity | null = null
  let isShaping = false

  const each = (call: (watcher: Watcher) => void) => {
    for (const watcher of [...watchers]) {
      runIsolated(
        () => call(watcher),
        (cause) => engine.settings.logger.error('a stream could not be told of its session', cause),
      )
    }
  }
  const end = (reason: AuthError, those: (watcher: Watcher) => boolean = () => true) => {
    each((watcher) => {
      if (!those(watcher)) return
      watchers.delete(watcher)
      watcher.ended(reason)
    })
  }
  /** Once per change, however many watchers there are. */
  const shape = async () => {
    if (isShaping) return
    isShaping = true
    while (waiting && [...watchers].some(wantsShaped)) {
      const identity = waiting
      waiting = null
      try {
        const shaped = await shapeForClient(engine, identity)
        each((watcher) => watcher.shaped?.(shaped))
      } catch (cause) {
        end(isAuthError(cause) ? cause : new AuthError('CallbackRouteError', { cause }), wantsShaped)
      }
    }
    isShaping = false
  }
  return {
    add: (watcher) => {
      if (watchers.size >= MAX_WATCHERS) {
        throw new AuthError('RateLimited', { detail: `${MAX_WATCHERS} streams of one session are open` })
      }
      // An object of its own: one watcher may be added twice.
      const own = { ...watcher }
      watchers.add(own)
      return () => void watchers.delete(own)
    },
    notify: (identity) => {
      waiting = identity
      void shape()
      if ([...watchers].some(({ session }) => session)) {
        const session = freezeSession(toSession(engine, identity))
        each((watcher) => watcher.session?.(session))
      }
    },
    end,
    count: () => watchers.size,
  }
}

function wantsShaped({ shaped }: Watcher): boolean {
  return shaped !== undefined
}
