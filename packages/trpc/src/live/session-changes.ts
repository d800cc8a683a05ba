import type { AuthContext, AuthError, AuthTypes } from '@latchkey/core'

/**
 * The session as a client gets it, now and whenever it changes; at its end null, and nothing more. A change that clients can't see
 * is none.
 */
export async function* sessionChanges<U extends AuthTypes>(
  auth: AuthContext<U>,
  signal: AbortSignal | undefined,
): AsyncGenerator<U['shaped'] | null, void, undefined> {
  const now = await auth.clientSession()
  yield now
  if (now === null) return
  const events = createQueue<Change<U>>()
  const stop = await auth.watch({
    changed: (session) => events.push({ session }),
    ended: (reason) => events.push({ reason }),
  })
  const close = () => events.push({ reason: null })
  signal?.addEventListener('abort', close, { once: true })
  try {
    let last = JSON.stringify(now)
    for (let change = await events.next(); ; change = await events.next()) {
      if (change.reason !== undefined) {
        if (change.reason) yield endOf(change.reason)
        return
      }
      const text = JSON.stringify(change.session)
      if (text !== last) yield change.session
      last = text
    }
  } finally {
    signal?.removeEventListener('abort', close)
    stop()
  }
}

type Change<U extends AuthTypes> =
  | { readonly session: U['shaped'] | null; readonly reason?: undefined }
  /** Why it is over; null: the client has gone. */
  | { readonly reason: AuthError | null }

/** The end of a session is an answer; that an access token wants to be refreshed, and a failure, are errors. */
function endOf(reason: AuthError): null {
  if (reason.kind === 'SessionRevoked' || reason.kind === 'SessionExpired') return null
  throw reason
}

interface Queue<T> {
  readonly push: (item: T) => void
  readonly next: () => Promise<T>
}

function createQueue<T>(): Queue<T> {
  const items: T[] = []
  let wake: (() => void) | undefined
  return {
    push: (item) => {
      items.push(item)
      wake?.()
    },
    next: async () => {
      while (items.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      return items.shift() as T // one is there: nobody else takes any
    },
  }
}
