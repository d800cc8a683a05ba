import type { Operation } from '../contract/operation.ts'
import type { SessionInfo } from '../contract/session.ts'
import { AuthError, invalidInput } from '../errors.ts'
import type { OperationCall } from '../request/call.ts'
import { endOthers, requireOwnLife, requireRows } from '../request/end-sessions.ts'
import type { RequestEngine } from '../request/engine.ts'
import { isSessionAdapter } from '../store/adapter.ts'
import { idInput } from './input.ts'
import { own } from './own.ts'

/** A person's sessions, with an adapter that keeps them by id. */
export interface SessionsOperations {
  readonly sessions: {
    /** The person's sessions, newest first. */
    readonly list: Operation<'query', void, readonly SessionInfo[]>
    /** Ends one of them, by its public id. `NotFound` if it isn't theirs. */
    readonly revoke: Operation<'mutation', { readonly id: string }, { revoked: true }>
    /** Ends all but this one, and returns how many. */
    readonly revokeOthers: Operation<'mutation', void, { revoked: number }>
  }
}

export function sessionsOperations({ adapter }: RequestEngine): SessionsOperations {
  const missing = isSessionAdapter(adapter) ? null : 'sessions: the adapter can neither list nor revoke sessions by id'
  return {
    sessions: {
      list: own({ type: 'query', access: 'session', missing, run: listOwnSessions }),
      revoke: own({ type: 'mutation', access: 'session', input: idInput, missing, run: revoke }),
      revokeOthers: own({
        type: 'mutation',
        access: 'session',
        missing,
        run: async ({ engine, lookUp }) => ({ revoked: await endOthers(engine, lookUp) }),
      }),
    },
  }
}

/** The sessions of the person who asks, newest first. */
export async function listOwnSessions({
  engine,
  lookUp: { identity },
}: OperationCall): Promise<readonly SessionInfo[]> {
  const rows = await requireRows(engine).listSessions({ userId: identity.token.sub, now: engine.settings.clock() })
  return rows.map(({ id, createdAt, lastSeenAt, expires, userAgent, ip }) => ({
    id,
    current: id === identity.sessionId,
    createdAt,
    lastSeenAt,
    expires,
    device: userAgent,
    ip,
  }))
}

async function revoke({ engine, lookUp: { identity } }: OperationCall, { id }: { readonly id: string }) {
  if (id === '' || id.length > 255) throw invalidInput('id')
  await requireOwnLife(engine, identity)
  const now = engine.settings.clock()
  const revoked = await requireRows(engine).revokeSession({ id, userId: identity.token.sub, now })
  if (!revoked) throw new AuthError('NotFound')
  engine.revocations.add([id])
  return { revoked: true as const }
}
