import type { RequestSource } from '../contract/request-source.ts'
import { type AuthError, isUntrusted } from '../errors.ts'
import type { LiveSession } from '../live/session.ts'
import type { LiveSessions } from '../live/sessions.ts'
import type { Identity } from '../contract/identity.ts'

/**
 * What an open socket or stream is to its session. It keeps the session and no identity: every operation asks, as a request would. Once
 * refused it stays refused; if the store failed, the next operation asks again.
 */
export interface Connections {
  /**
   * @param via what the connection carries: each has a session of its own
   * @param open trusts the credential: done once, with the first operation
   */
  readonly ask: (source: OnConnection, via: 'cookie' | 'ticket', open: () => Promise<Identity>) => Promise<Identity>
}

/** A request that came over a connection which outlives it. */
export type OnConnection = RequestSource & { readonly connection: object }

export function isOnConnection(source: RequestSource): source is OnConnection {
  return source.connection !== undefined
}

interface Connection {
  opening: Promise<LiveSession> | null
  refusal: AuthError | null
}

export function createConnections(sessions: LiveSessions): Connections {
  // Gone with the connection's own object.
  const connections = { cookie: new WeakMap<object, Connection>(), ticket: new WeakMap<object, Connection>() }
  return {
    ask: async (source, via, open) => {
      const connection = find(connections[via], source.connection)
      if (connection.refusal) throw connection.refusal
      try {
        connection.opening ??= begin(sessions, source, open)
        return await (await connection.opening).current()
      } catch (error) {
        if (isUntrusted(error)) connection.refusal ??= error
        else if (!(await isOpen(connection))) connection.opening = null
        throw error
      }
    },
  }
}

function find(known: WeakMap<object, Connection>, key: object): Connection {
  const found = known.get(key)
  if (found) return found
  const connection = { opening: null, refusal: null }
  known.set(key, connection)
  return connection
}

async function begin(
  sessions: LiveSessions,
  source: RequestSource,
  open: () => Promise<Identity>,
): Promise<LiveSession> {
  return hold(sessions, source, await open())
}

async function isOpen({ opening }: Connection): Promise<boolean> {
  try {
    return (await opening) !== null
  } catch {
    return false
  }
}

/** Until the connection closes. If nothing says when that is, the session gets no events and only asks. */
function hold(sessions: LiveSessions, { closed }: RequestSource, identity: Identity): LiveSession {
  const { live, release } = sessions.hold(identity)
  if (!closed || closed.aborted) release()
  else closed.addEventListener('abort', release, { once: true })
  return live
}
