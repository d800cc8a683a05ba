import type { Shaped } from '../contract/marker.ts'
import type { Operation } from '../contract/operation.ts'
import type { OpenRequest } from '../request/open-request.ts'
import { shapeForClient } from '../session/shape.ts'
import { own } from './own.ts'

/** The session, for any caller. */
export interface SessionOperations {
  /** The session as the session callback shapes it, or null. */
  readonly session: Operation<'query', void, Shaped>
}

export function sessionOperations(): SessionOperations {
  return {
    session: own({
      type: 'query',
      access: 'public',
      serverName: 'clientSession',
      run: ({ request }) => readSession(request),
    }),
  }
}

/** The session of a request as its client gets it. @throws AuthError why a bearer token or a ticket doesn't count */
export async function readSession(request: OpenRequest): Promise<unknown> {
  const { via, identity, caller, refusal } = await request.look()
  // A bearer token of ours that doesn't count must tell its client why, so that it refreshes.
  if (via !== 'cookie' && !caller && refusal) throw refusal
  return identity && shapeForClient(request.engine, identity)
}
