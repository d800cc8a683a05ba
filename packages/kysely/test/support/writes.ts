import type { CompleteAdapter, StoredSession } from '@latchkey/core'
import { minutes, sessionOf } from './rows.ts'

/** Every write with a deadline, on a row that is at generation 0 and revision 0. */
export const WRITES: readonly {
  readonly write: string
  readonly run: (adapter: CompleteAdapter, session: StoredSession) => Promise<unknown>
}[] = [
  {
    write: 'rotate',
    run: (adapter, { sessionToken }) =>
      adapter.rotateSession({ sessionToken, from: 0, to: 1, expires: minutes(90), now: minutes(1) }),
  },
  {
    write: 'confirm',
    run: (adapter, { sessionToken }) =>
      adapter.rotateSession({ sessionToken, from: 0, to: 0, expires: minutes(90), now: minutes(1) }),
  },
  {
    write: 'slide',
    run: (adapter, { sessionToken }) =>
      adapter.slideSession({ sessionToken, expires: minutes(90), lastSeenAt: minutes(1) }),
  },
  {
    write: 'claims',
    run: (adapter, { sessionToken }) =>
      adapter.writeSessionClaims({ sessionToken, revision: 0, claims: { org: 'acme' } }),
  },
  { write: 'create', run: (adapter, { userId }) => adapter.createSession(sessionOf(userId)) },
]
