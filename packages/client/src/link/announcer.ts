import { endsSession, readErrorKind } from '../error-kind.ts'
import { openChannel } from '../tokens/channel.ts'
import type { TokenChange } from '../tokens/keeper.ts'
import type { SessionChange } from '../types.ts'

/** What tabs tell each other: what became of the tokens, or if cookies are the session, only that it changed. */
export type Message = TokenChange | Pick<SessionChange<unknown>, 'reason' | 'kind'>

/** Tells this client's listeners, and the other tabs, that the session changed. */
export interface Announcer {
  readonly announce: (message: Message, session: unknown) => void
  /** Announces the end of the session if this error says so. */
  readonly refused: (error: unknown) => void
  /** Notes whether there is a session now, and returns whether there was one before; undefined: not known. */
  readonly noteSignedIn: (isSignedIn: boolean) => boolean | undefined
  readonly subscribe: (listener: (change: SessionChange<unknown>) => void) => () => void
  readonly close: () => void
}

/**
 * @param name under which tabs hear each other; undefined: they don't
 * @param isOurs whether a message of another tab is about this client's session
 */
export function createAnnouncer(name: string | undefined, isOurs: (message: Message) => boolean): Announcer {
  const listeners = new Set<(change: SessionChange<unknown>) => void>()
  let isSignedIn: boolean | undefined
  const noteSignedIn = (now: boolean) => {
    const before = isSignedIn
    isSignedIn = now
    return before
  }
  const notify = ({ reason, kind }: Message, session: unknown, elsewhere: boolean) => {
    noteSignedIn(reason !== 'signOut' && reason !== 'ended')
    for (const listener of listeners) listener({ session, reason, kind, elsewhere })
  }
  // The shaped session isn't sent to other tabs: each asks the server for it.
  const channel = openChannel<Message>(name, (message) => {
    if (isOurs(message)) notify(message, undefined, true)
  })
  return {
    announce: (message, session) => {
      // A channel has no target origin: it never leaves its own.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      channel?.postMessage(message)
      notify(message, session, false)
    },
    refused: (error) => {
      const kind = readErrorKind(error)
      if (kind === 'SessionRequired' || endsSession(kind)) notify({ reason: 'ended', kind }, undefined, false)
    },
    noteSignedIn,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => channel?.close(),
  }
}
