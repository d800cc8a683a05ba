import type { AuthContext, AuthError, AuthTypes } from '@latchkey/core'
import { createLatest, type Latest } from './latest.ts'
import type { BufferingSocket } from '../context/request.ts'
import { isBehind, socketDrained } from './socket-drained.ts'

export interface SessionChangesOptions {
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal | undefined
  /** The socket that the stream goes out on. Any other transport takes an item when it has sent the one before. */
  readonly socket?: BufferingSocket | undefined
}

/**
 * The session as a client gets it, now and whenever it changes; at its end null, and nothing more. A change that clients can't see
 * is not sent. A client that reads slowly gets the latest, not every one.
 */
export async function* sessionChanges<U extends AuthTypes>(
  auth: AuthContext<U>,
  { signal, socket }: SessionChangesOptions,
): AsyncGenerator<U['shaped'] | null, void, undefined> {
  if ((await auth.session()) === null) {
    yield await auth.clientSession()
    return
  }
  const latest = createLatest<Change<U>>()
  // Before the session is shaped, which may take a while: nothing that happens meanwhile is missed.
  const stop = await auth.watch({
    changed: (session) => latest.put({ session }),
    ended: (reason) => latest.put({ reason }),
  })
  const close = () => {
    stop()
    latest.put({ reason: null })
  }
  signal?.addEventListener('abort', close, { once: true })
  // An event that has happened isn't heard any more.
  if (signal?.aborted) close()
  try {
    let last: U['shaped'] | null = await auth.clientSession()
    yield last
    if (last === null) return
    for (;;) {
      const change = await takeSendable(latest, socket)
      if (change.reason !== undefined) {
        if (change.reason) yield endOf(change.reason)
        return
      }
      if (toText(change.session) !== toText(last)) yield change.session
      last = change.session
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

/** The latest change, when the client has read enough of what was sent before. The end doesn't wait. */
async function takeSendable<U extends AuthTypes>(
  latest: Latest<Change<U>>,
  socket: BufferingSocket | undefined,
): Promise<Change<U>> {
  const change = await latest.take()
  if (!socket || change.reason !== undefined || !isBehind(socket)) return change
  await socketDrained(socket)
  return latest.isFull() ? takeSendable(latest, socket) : change
}

/** The end of a session is sent as null. An access token that must be refreshed, and a failure, are errors. */
function endOf(reason: AuthError): null {
  if (reason.kind === 'SessionRevoked' || reason.kind === 'SessionExpired') return null
  throw reason
}

/** One change is one object, however many streams it goes to: it is compared as text, and written down once. */
const texts = new WeakMap<object, string | undefined>()

function toText(session: unknown): string | undefined {
  if (typeof session !== 'object' || session === null) return JSON.stringify(session)
  if (!texts.has(session)) texts.set(session, JSON.stringify(session))
  return texts.get(session)
}
