import type { StoredSession } from '../store/adapter.ts'
import type { ClientInfo } from './strategy.ts'

/** How much of a user agent a list of sessions needs. */
const MAX_USER_AGENT = 512

/** The row of a session that begins. */
export function toStoredSession(from: {
  readonly id: string
  readonly sessionToken: string
  readonly userId: string
  readonly startedAt: Date
  readonly expires: Date
  readonly now: Date
  readonly client: ClientInfo
  readonly amr: readonly string[] | null
}): StoredSession {
  const { id, sessionToken, userId, startedAt, expires, now, client, amr } = from
  return {
    id,
    sessionToken,
    userId,
    expires,
    createdAt: startedAt,
    lastSeenAt: now,
    userAgent: client.userAgent?.slice(0, MAX_USER_AGENT).toWellFormed() ?? null,
    ip: client.ip,
    claims: null,
    amr,
    revision: 0,
    generation: 0,
    rotatedAt: null,
    revokedAt: null,
  }
}
