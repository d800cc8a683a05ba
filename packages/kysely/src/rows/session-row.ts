import type { SessionAndUser, StoredSession } from '@latchkey/core'
import type { Insertable } from 'kysely'
import type { SessionsTable } from '../database.ts'
import { toDate, toDateOrNull, toMilliseconds, toMillisecondsOrNull } from './instants.ts'
import { requireStorable, toStorable } from './text.ts'
import { toUser, type UserColumns } from './user-row.ts'

/**
 * The columns of a session under names that no column of a users table has, in a spelling that the CamelCasePlugin maps onto
 * itself.
 */
export const SESSION_COLUMNS = [
  's.id as latchkeyId',
  's.session_token as latchkeyToken',
  's.user_id as latchkeyUser',
  's.expires as latchkeyExpires',
  's.created_at as latchkeyCreated',
  's.last_seen_at as latchkeySeen',
  's.user_agent as latchkeyAgent',
  's.ip as latchkeyIp',
  's.claims as latchkeyClaims',
  's.revision as latchkeyRevision',
  's.generation as latchkeyGeneration',
  's.rotated_at as latchkeyRotated',
  's.revoked_at as latchkeyRevoked',
  's.amr as latchkeyAmr',
] as const

type Instant = number | string | bigint

/** What {@link SESSION_COLUMNS} selects. */
export interface SessionColumns {
  readonly latchkeyId: string
  readonly latchkeyToken: string
  readonly latchkeyUser: string
  readonly latchkeyExpires: Instant
  readonly latchkeyCreated: Instant
  readonly latchkeySeen: Instant
  readonly latchkeyAgent: string | null
  readonly latchkeyIp: string | null
  readonly latchkeyClaims: string | null
  readonly latchkeyRevision: number
  readonly latchkeyGeneration: number
  readonly latchkeyRotated: Instant | null
  readonly latchkeyRevoked: Instant | null
  readonly latchkeyAmr: string | null
  /** The database's time, if it runs on another machine. */
  readonly latchkeyNow?: Instant | undefined
}

export function toSession(row: SessionColumns): StoredSession {
  return {
    id: row.latchkeyId,
    sessionToken: row.latchkeyToken,
    userId: String(row.latchkeyUser),
    expires: toDate(row.latchkeyExpires),
    createdAt: toDate(row.latchkeyCreated),
    lastSeenAt: toDate(row.latchkeySeen),
    userAgent: row.latchkeyAgent,
    ip: row.latchkeyIp,
    claims: toClaims(row.latchkeyClaims),
    revision: Number(row.latchkeyRevision),
    generation: Number(row.latchkeyGeneration),
    rotatedAt: toDateOrNull(row.latchkeyRotated),
    revokedAt: toDateOrNull(row.latchkeyRevoked),
    amr: toAmr(row.latchkeyAmr),
  }
}

/** Takes a joined row apart: what isn't the session's is the user's. */
export function toSessionAndUser(row: SessionColumns & UserColumns): SessionAndUser {
  const found = { session: toSession(row), user: toUser(row, OURS) }
  return row.latchkeyNow === undefined ? found : { ...found, now: toDate(row.latchkeyNow) }
}

/** The names that {@link SESSION_COLUMNS} gives. A Record, so that the compiler misses none. */
const OURS: ReadonlySet<string> = new Set(
  Object.keys({
    latchkeyId: true,
    latchkeyToken: true,
    latchkeyUser: true,
    latchkeyExpires: true,
    latchkeyCreated: true,
    latchkeySeen: true,
    latchkeyAgent: true,
    latchkeyIp: true,
    latchkeyClaims: true,
    latchkeyRevision: true,
    latchkeyGeneration: true,
    latchkeyRotated: true,
    latchkeyRevoked: true,
    latchkeyAmr: true,
    latchkeyNow: true,
  } satisfies Readonly<Record<keyof SessionColumns, true>>),
)

export function toSessionColumns(session: StoredSession): Insertable<SessionsTable> {
  return {
    id: requireStorable('id', session.id),
    session_token: requireStorable('sessionToken', session.sessionToken),
    user_id: requireStorable('userId', session.userId),
    expires: toMilliseconds(session.expires),
    created_at: toMilliseconds(session.createdAt),
    last_seen_at: toMilliseconds(session.lastSeenAt),
    user_agent: session.userAgent === null ? null : toStorable(session.userAgent),
    ip: session.ip === null ? null : toStorable(session.ip),
    claims: session.claims === null ? null : fromClaims(session.claims),
    revision: session.revision,
    generation: session.generation,
    rotated_at: toMillisecondsOrNull(session.rotatedAt),
    revoked_at: toMillisecondsOrNull(session.revokedAt),
    // Callers without types may leave it out.
    amr: session.amr ? toStorable(session.amr.join(' ')) : null,
  }
}

/** The words of `amr` have no white space. */
function toAmr(column: string | null): readonly string[] | null {
  return column === null ? null : column.split(' ').filter((word) => word !== '')
}

/** JSON as text: unlike a column of type JSON it comes back letter by letter, and every database has it. */
export function fromClaims(claims: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(claims)
}

function toClaims(column: unknown): Record<string, unknown> | null {
  // A plugin of the app's may have parsed it already.
  const claims: unknown = typeof column === 'string' ? JSON.parse(column) : column
  return isRecord(claims) ? claims : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
