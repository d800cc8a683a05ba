import { endsSession, readErrorKind } from '../error-kind.ts'
import { openChannel } from '../tokens/channel.ts'
import type { TokenChange } from '../tokens/keeper.ts'
import type { SessionChange } from '../types.ts'

/** What tabs tell each other: what became of the tokens, or where cookies are the session, only that it changed. */
export type Message = TokenChange | { readonly reason: SessionChange<unknown>['reason']; readonly kind?: undefined }

/** Tells this client's listeners, and the other tabs, that the session changed. */
export interface Announcer {
  readonly announce: (change: Omit<SessionChange<unknown>, 'elsewhere'>, message: Message | null) => void
  /** What a call with the cookie failed with: announced if it says that there is no session any more. */
  readonly refused: (error: unknown) => void
  /** Notes whether somebody is signed in now, and returns whether somebody was; undefined: not known yet. */
  readonly saw: (isSignedIn: boolean) => boolean | undefined
  readonly subscribe: (listener: (change: SessionChange<unknown>) => void) => () => void
  readonly close: () => void
}

/**
 * @param name under which tabs hear each other; undefined: they don't
 * @param isOurs whether what another tab says is about this client's session
 */
export function createAnnouncer(name: string | undefined, isOurs: (message: Message) => boolean): Announcer {
  const listeners = new Set<(change: SessionChange<unknown>) => void>()
  let isSignedIn: boolean | undefined
  const saw = (now: boolean) => {
    const before = isSignedIn
    isSignedIn = now
    return before
  }
  const tell = (change: SessionChange<unknown>) => {
    saw(change.reason !== 'signOut' && change.reason !== 'ended')
    for (const listener of listeners) listener(change)
  }
  const channel =
    name === undefined
      ? undefined
      : openChannel<Message>(name, (message) => {
          // The session as it is shaped stays with its tab: whoever shows it asks for it.
          const { reason, kind } = message
          if (isOurs(message)) tell({ session: undefined, reason, kind, elsewhere: true })
        })
  const announce: Announcer['announce'] = (change, message) => {
    if (message) channel?.post(message)
    tell({ ...change, elsewhere: false })
  }
  return {
    announce,
    refused: (error) => {
      const kind = readErrorKind(error)
      if (kind === 'SessionRequired' || endsSession(kind)) announce({ session: undefined, reason: 'ended', kind }, null)
    },
    saw,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => channel?.close(),
  }
}
