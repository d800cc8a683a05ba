import type { RequestSource } from '../contract/request-source.ts'
import type { AuthError } from '../errors.ts'
import { createLatest, type Latest } from '../internal/latest.ts'
import type { OperationCall } from '../request/call.ts'
import { isOnConnection } from '../request/connection.ts'
import { OpenRequest } from '../request/open-request.ts'
import { readSession } from './session.ts'

/**
 * The session as a client gets it, now and whenever it changes; at its end null, and nothing more. A change that clients can't see
 * is not sent. A client that reads slowly gets the latest, not every one.
 */
export async function* sessionChanges({
  engine,
  request,
  source,
  signal,
}: OperationCall): AsyncGenerator<unknown, void, undefined> {
  if ((await request.look()).session === null) {
    yield await readSession(request)
    return
  }
  const latest = createLatest<Change>()
  // Before the session is shaped, which may take a while: nothing that happens meanwhile is missed.
  const stop = await request.watch({
    changed: (session) => latest.put({ session }),
    ended: (reason) => latest.put({ reason }),
  })
  const close = () => {
    stop()
    latest.put({ reason: null })
  }
  signal?.addEventListener('abort', close, { once: true })
  // An event before this isn't received any more.
  if (signal?.aborted) close()
  try {
    // What a connection found a moment ago may have changed before it was watched.
    let last = await readSession(isOnConnection(source) ? new OpenRequest(engine, source) : request)
    yield last
    if (last === null) return
    for (;;) {
      const change = await takeSendable(latest, source)
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

type Change =
  | { readonly session: unknown; readonly reason?: undefined }
  /** Why it is over; null: the client has gone. */
  | { readonly reason: AuthError | null }

/** The latest change, when the client has read enough of what was sent before. The end doesn't wait. */
async function takeSendable(latest: Latest<Change>, source: RequestSource): Promise<Change> {
  const change = await latest.take()
  const wait = change.reason === undefined ? source.drained?.() : undefined
  if (!wait) return change
  await wait
  return latest.isFull() ? takeSendable(latest, source) : change
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
