import {
  type Adapter,
  type AdapterSession,
  type AdapterUser,
  isSessionAdapter,
  type StoredSession,
} from '../adapter.ts'
import type { Engine } from '../engine.ts'
import { AuthError, configurationError } from '../errors.ts'
import { omitUndefined } from '../internal/json.ts'
import { toSeconds } from '../internal/time.ts'
import { checkIssuedClaims, readClaims } from '../roles/claims.ts'
import { readRoles } from '../roles/read.ts'
import { createOpaqueToken, deriveSessionId, hashToken, readOpaqueToken } from '../token/hash.ts'
import type { AnyToken } from '../types.ts'
import type { Identity } from './identity.ts'
import type { Revocations } from './revocations.ts'
import { toStoredSession } from './row.ts'
import type { Issued, SessionStrategy, StartParams } from './strategy.ts'

/** The cookie is an opaque name, the session a row: revoked at once, renewed on every read. */
export function createDatabaseStrategy(engine: Engine, revocations: Revocations): SessionStrategy {
  const { adapter } = engine
  if (!adapter) throw configurationError('adapter', 'the database strategy keeps sessions in one')
  const database: Database = { engine, adapter, revocations }
  return {
    open: (value, writable) => open(database, value, writable),
    start: (params) => start(database, params),
    update: (identity, patch) => update(database, identity, patch),
    updatesCookie: false,
    end: (identity) => end(database, identity),
  }
}

interface Database {
  readonly engine: Engine
  readonly adapter: Adapter
  readonly revocations: Revocations
}

interface Found {
  readonly session: StoredSession
  readonly user: AdapterUser
}

async function open(database: Database, value: string, writable: boolean): Promise<Issued> {
  const begunAt = readOpaqueToken(value)
  if (!begunAt) throw new AuthError('InvalidToken', { cause: new Error('not an opaque session token') })
  const sessionToken = await hashToken(value)
  const found = await find(database, sessionToken, begunAt)
  if (!found) throw new AuthError('InvalidToken', { cause: new Error('no such session') })
  const { slideTo } = await readLife(database, found.session)
  if (!slideTo || !writable) return { identity: toIdentity(database.engine, found) }
  return slide(database, found, value, slideTo)
}

async function find({ adapter }: Database, sessionToken: string, begunAt: Date): Promise<Found | null> {
  const found = await adapter.getSessionAndUser?.(sessionToken)
  return found ? { session: await complete(found.session, begunAt), user: found.user } : null
}

/** What Auth.js's tables have no columns for. */
const UNKNOWN = {
  claims: null,
  revision: 0,
  generation: 0,
  rotatedAt: null,
  revokedAt: null,
  userAgent: null,
  ip: null,
}

/** Auth.js's tables have three columns; the rest follows from the token. */
async function complete(session: AdapterSession, begunAt: Date): Promise<StoredSession> {
  const id = session.id && session.createdAt ? session.id : await deriveSessionId(session.sessionToken)
  return { ...UNKNOWN, createdAt: begunAt, lastSeenAt: begunAt, ...session, id }
}

/** Whether the row still counts, and whether extending it is due (S12). An expired one is dead and is deleted. */
async function readLife(
  { engine, adapter }: Database,
  session: StoredSession,
): Promise<{ readonly slideTo: Date | null }> {
  const { maxAge, updateAge, absoluteMaxAge, clock } = engine.settings
  const now = clock()
  if (session.revokedAt) throw new AuthError('SessionRevoked')
  const cap = session.createdAt.getTime() + absoluteMaxAge
  if (Math.min(session.expires.getTime(), cap) <= now.getTime()) {
    if (isSessionAdapter(adapter)) await adapter.deleteSession(session.sessionToken, now)
    else await adapter.deleteSession?.(session.sessionToken)
    throw new AuthError('SessionExpired')
  }
  const target = Math.min(now.getTime() + maxAge, cap)
  const isDue = target - session.expires.getTime() >= updateAge
  return { slideTo: isDue ? new Date(target) : null }
}

async function slide(database: Database, found: Found, value: string, expires: Date): Promise<Issued> {
  const { engine } = database
  const now = engine.settings.clock()
  // Where the row wouldn't move, a parallel request has moved it and has sent the cookie.
  if (!(await extendRow(database, found.session.sessionToken, expires, now)))
    return { identity: toIdentity(engine, found) }
  const identity = toIdentity(engine, { ...found, session: { ...found.session, expires } })
  return { identity, cookie: { value, maxAge: toSeconds(expires.getTime() - now.getTime()) } }
}

/** A store that can be read but not written just now (a failover, a full disk) costs nobody their session: it isn't extended, that is all. */
async function extendRow(
  { engine, adapter }: Database,
  sessionToken: string,
  expires: Date,
  now: Date,
): Promise<boolean> {
  try {
    if (isSessionAdapter(adapter)) return await adapter.slideSession({ sessionToken, expires, lastSeenAt: now })
    await adapter.updateSession?.({ sessionToken, expires })
    return true
  } catch (error) {
    engine.settings.logger.error('a session could not be extended', error)
    return false
  }
}

async function start({ engine, adapter }: Database, { user, client }: StartParams) {
  const { maxAge, absoluteMaxAge, clock } = engine.settings
  const now = clock()
  const value = createOpaqueToken(now)
  const life = Math.min(maxAge, absoluteMaxAge)
  const sessionToken = await hashToken(value)
  const row = toStoredSession({
    id: isSessionAdapter(adapter) ? crypto.randomUUID() : await deriveSessionId(sessionToken),
    sessionToken,
    userId: String(user.id),
    startedAt: now,
    expires: new Date(now.getTime() + life),
    now,
    client,
  })
  const stored = (await adapter.getUser?.(row.userId)) ?? omitUndefined({ ...user, id: row.userId })
  // Last: a store that fails in between leaves no row behind that nobody holds the cookie of.
  if (isSessionAdapter(adapter)) await adapter.createSession(row)
  else await adapter.createSession?.({ sessionToken, userId: row.userId, expires: row.expires })
  return { identity: toIdentity(engine, { session: row, user: stored }), cookie: { value, maxAge: toSeconds(life) } }
}

/** How often a patch is tried again when another one was written in between. */
const MAX_TRIES = 5

async function update(
  { engine, adapter }: Database,
  identity: Identity,
  patch: Readonly<Record<string, unknown>>,
): Promise<Issued> {
  if (!isSessionAdapter(adapter) || !identity.sessionToken)
    throw configurationError('adapter', 'it lacks writeSessionClaims()')
  checkIssuedClaims(engine.settings.claims, patch)
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const found = await adapter.getSessionAndUser(identity.sessionToken)
    if (!found || found.session.revokedAt) throw new AuthError('SessionRevoked')
    const { sessionToken, revision } = found.session
    const claims = { ...found.session.claims, ...patch }
    if (await adapter.writeSessionClaims({ sessionToken, revision, claims })) {
      return { identity: toIdentity(engine, { ...found, session: { ...found.session, claims } }) }
    }
  }
  throw new AuthError('AdapterError', { cause: new Error('the session changed faster than it could be written') })
}

async function end(
  { engine, adapter, revocations }: Database,
  { sessionId, sessionToken, user }: Identity,
): Promise<void> {
  const now = engine.settings.clock()
  if (isSessionAdapter(adapter)) await adapter.revokeSession({ id: sessionId, userId: user.id, now })
  else if (sessionToken) await adapter.deleteSession?.(sessionToken)
  // Rows are read on every request; it is the streams that are open now that must hear of it.
  revocations.add([sessionId])
}

function toIdentity(engine: Engine, { session, user }: Found): Identity {
  return {
    strategy: 'database',
    token: toToken(engine, session, user),
    user,
    sessionId: session.id,
    sessionToken: session.sessionToken,
    expires: session.expires,
    startedAt: session.createdAt,
    isAccess: false,
  }
}

/**
 * The claims of a row (S2): the defaults, then roles and declared claims from the user's columns, over which lies what
 * `updateSession` stored with the session (H11).
 */
function toToken(engine: Engine, session: StoredSession, user: AdapterUser): AnyToken {
  const { id, name, email, image } = user
  const createdAt = toSeconds(session.createdAt.getTime())
  return {
    ...readRowClaims(engine, user, session.claims),
    ...omitUndefined({ name, email, picture: image }),
    sub: String(id),
    iat: createdAt,
    exp: toSeconds(session.expires.getTime()),
    jti: session.id,
    sessionId: session.id,
    authTime: createdAt,
  }
}

/** Roles and declared claims of a row; an empty column is no claim. */
function readRowClaims(
  { settings, warnOnce }: Engine,
  user: AdapterUser,
  patch: StoredSession['claims'],
): Record<string, unknown> {
  const columns = Object.entries(user).filter(([, value]) => value !== null)
  const source = { ...Object.fromEntries(columns), ...patch }
  const misfit = (claim: string) =>
    warnOnce(`claim ${claim}`, `claim "${claim}" of a row does not fit its schema and is left out`)
  return { ...readClaims(settings.claims, source, misfit), roles: readRoles(source) }
}

/** What a bearer token starts with under the database strategy (D1): the default claims, and what a cookie's session would read. */
export async function withRowClaims(engine: Engine, token: AnyToken): Promise<AnyToken> {
  const user = engine.settings.strategy === 'database' ? await engine.adapter?.getUser?.(token.sub) : null
  return user ? { ...readRowClaims(engine, user, null), ...token } : token
}
