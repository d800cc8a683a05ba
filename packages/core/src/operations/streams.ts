import type { Shaped } from '../contract/marker.ts'
import type { Operation } from '../contract/operation.ts'
import { TICKET_LIFE } from '../live/ticket.ts'
import { sessionChanges } from './on-session-change.ts'
import { own } from './own.ts'

/** Streams that follow a session. */
export interface StreamOperations {
  /**
   * The session now, and again whenever it changes; null and the end when it is over. Over server-sent events and sockets, authenticated
   * by the cookie or by a ticket.
   */
  readonly onSessionChange: Operation<'subscription', void, Shaped>
  /** A ticket that opens one stream or socket for this session, as `connectionParams: { ticket }`, within the next seconds. */
  readonly streamTicket: Operation<'mutation', void, { readonly ticket: string; readonly expiresIn: number }>
}

export function streamOperations(): StreamOperations {
  return {
    onSessionChange: own({ type: 'subscription', access: 'public', serverName: null, run: sessionChanges }),
    streamTicket: own({
      type: 'mutation',
      access: 'session',
      serverName: 'ticket',
      run: async ({ engine, lookUp }) => ({
        ticket: await engine.tickets.issue(lookUp.identity),
        expiresIn: TICKET_LIFE,
      }),
    }),
  }
}
