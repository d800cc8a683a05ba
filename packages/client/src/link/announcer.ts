import { openChannel } from '../tokens/channel.ts'
import type { TokenChange } from '../tokens/keeper.ts'
import type { SessionChange } from '../types.ts'

/** What tabs tell each other: what became of the tokens, or where cookies are the session, only that it changed. */
export type Message = TokenChange | { readonly reason: SessionChange<unknown>['reason'] }

/** Tells this client's listeners, and the other tabs, that the session changed. */
export interface Announcer {
  readonly announce: (change: Omit<SessionChange<unknown>, 'elsewhere'>, message: Message | null) => void
  readonly subscribe: (listener: (change: SessionChange<unknown>) => void) => () => void
  readonly close: () => void
}

/**
 * @param name under which tabs hear each other; undefined: they don't
 * @param isOurs whether what another tab says is about this client's session
 */
export function createAnnouncer(name: string | undefined, isOurs: (message: Message) => boolean): Announcer {
  const listeners = new Set<(change: SessionChange<unknown>) => void>()
  const tell = (change: SessionChange<unknown>) => {
    for (const listener of listeners) listener(change)
  }
  const channel =
    name === undefined
      ? undefined
      : openChannel<Message>(name, (message) => {
          // The session as it is shaped stays with its tab: whoever shows it asks for it.
          if (isOurs(message)) tell({ session: undefined, reason: message.reason, elsewhere: true })
        })
  return {
    announce: (change, message) => {
      if (message) channel?.post(message)
      tell({ ...change, elsewhere: false })
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => channel?.close(),
  }
}
