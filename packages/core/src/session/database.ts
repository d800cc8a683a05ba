import {
  type Adapter,
  type AdapterSession,
  type AdapterUser,
  type SessionAdapter,
  isSessionAdapter,
  type StoredSession,
} from '../adapter.ts'
import type { Engine } from '../engine.ts'
import { AuthError, configurationError } from '../errors.ts'
import { andThen } from '../internal/awaitable.ts'
import { omitUndefined } from '../internal/json.ts'
import { toSeconds } from '../internal/time.ts'
import { checkIssuedClaims, readClaims } from '../roles/claims.ts'
import { readRoles } from '../roles/read.ts'
import type { Hub } from '../live/hub.ts'
import { createOpaqueToken, deriveSessionId, hashToken, isOpaqueToken, readOpaqueToken } from '../token/hash.ts'
import type { AnyToken, Awaitable } from '../types.ts'
import type { Identity } from './identity.ts'
import type { Revocations } from './revocations.ts'
import { createRowCache, type Found, type RowCache } from './row-cache.ts'
import { toStoredSession } from './row.ts'
import type { Checked, Issued, SessionStrategy, StartParams } from './strategy.ts'

/** The cookie is an opaque name, the session a row: revoked at once, renewed on every read. */
export function createDatabaseStrategy(engine: Engine, revocations: Revocations, hub: Hub): SessionStrategy {
  const { adapter, settings } = engine
  if (!adapter) throw configurationError('adapter', 'the database strategy keeps sessions in one')
  const rows = isSessionAdapter(adapter) ? adapter : null
  const cache = settings.rowCache && createRowCache(settings.rowCache, hub, revocations, settings.clock)
  const database: Database = { engine, adapter, rows, revocations, cache }
  return {
    open: (value, writable) => open(database, value, writable),
    start: (params) => start(database, params),
    check: (identity) => check(database, identity),
    update: (identity, patch) => update(database, identity, patch),
    updatesCookie: false,
    end: (identity) => end(database, identity),
  }
}

interface Database {
  readonly engine: Engine
  readonly adapter: Adapter
  /** The adapter, where its rows have every column; null: they are another library's. */
  readonly rows: SessionAdapter | null
  readonly revocations: Revocations
  /** null: every request reads its row. */
  readonly cache: RowCache | null
}

function open(database: Database, value: string, writable: boolean): Awaitable<Issued> {
  if (!isOpaqueToken(value)) throw new AuthError('InvalidToken', { cause: new Error('not an opaque session token') })
  return andThen(hashToken(value), (sessionToken) => {
    const known = database.cache?.get(sessionToken)
    return known ? judge(database, known, value, writable) : read(database, sessionToken, value, writable)
  })
}

/** Reads the row, whatever is known of it: every request does. */
async function check(database: Database, { sessionToken, startedAt }: Identity): Promise<Checked> {
  if (sessionToken === null) throw new AuthError('InvalidToken', { cause: new Error('no row of its own') })
  const known = database.cache?.get(sessionToken)
  const found = known ?? (await find(database, sessionToken, () => startedAt))
  if (!found) throw new AuthError('SessionRevoked', { cause: new Error('its row is gone') })
  const { identity } = await judge(database, found, '', false)
  return { identity, until: 0, asked: true }
}

async function read(database: Database, sessionToken: string, value: string, writable: boolean): Promise<Issued> {
  const asked = database.cache?.ask()
  const found = await find(database, sessionToken, () => readOpaqueToken(value))
  if (!found) throw new AuthError('InvalidToken', { cause: new Error('no such session') })
  const issued = judge(database, found, value, writable)
  // One that is being extended is about to be another.
  if (asked && !(issued instanceof Promise)) database.cache?.keep(sessionToken, found, asked)
  return issued
}

async function find({ adapter, rows }: Database, sessionToken: string, begunAt: () => Date): Promise<Found | null> {
  if (rows) return rows.getSessionAndUser(sessionToken)
  const found = await adapter.getSessionAndUser?.(sessionToken)
  return found ? { session: await complete(found.session, begunAt()), user: found.user } : null
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

/** Whether the row still counts, and extending it where that is due (S12). Waits for nothing in the usual case. */
function judge(database: Database, found: Found, value: string, writable: boolean): Awaitable<Issued> {
  const { session } = found
  const { maxAge, updateAge, absoluteMaxAge, clock } = database.engine.settings
  const now = clock()
  if (session.revokedAt) throw new AuthError('SessionRevoked')
  const expires = session.expires.getTime()
  const cap = session.createdAt.getTime() + absoluteMaxAge
  if (Math.min(expires, cap) <= now.getTime()) return bury(database, session, now)
  const target = Math.min(now.getTime() + maxAge, cap)
  if (writable && target - expires >= updateAge) return slide(database, found, value, new Date(target))
  return { identity: toIdentity(database.engine, found) }
}

/** A row that has expired is dead and is deleted. */
async function bury(
  { adapter, rows, cache }: Database,
  { id, sessionToken }: StoredSession,
  now: Date,
): Promise<never> {
  cache?.forget(id)
  if (rows) await rows.deleteSession(sessionToken, now)
  else await adapter.deleteSession?.(sessionToken)
  throw new AuthError('SessionExpired')
}

async function slide(database: Database, found: Found, value: string, expires: Date): Promise<Issued> {
  const { engine, cache } = database
  const now = engine.settings.clock()
  cache?.forget(found.session.id)
  // Where the row wouldn't move, a parallel request has moved it and has sent the cookie.
  if (!(await extendRow(database, found.session.sessionToken, expires, now)))
    return { identity: toIdentity(engine, found) }
  const identity = toIdentity(engine, { ...found, session: { ...found.session, expires } })
  return { identity, cookie: { value, maxAge: toSeconds(expires.getTime() - now.getTime()) } }
}

/** A store that can be read but not written just now (a failover, a full disk) costs nobody their session: it isn't extended, that is all. */
async function extendRow(
  { engine, adapter, rows }: Database,
  sessionToken: string,
  expires: Date,
  now: Date,
): Promise<boolean> {
  try {
    if (rows) return await rows.slideSession({ sessionToken, expires, lastSeenAt: now })
    await adapter.updateSession?.({ sessionToken, expires })
    return true
  } catch (error) {
    engine.settings.logger.error('a session could not be extended', error)
    return false
  }
}

async function start({ engine, adapter, rows }: Database, { user, client }: StartParams) {
  const { maxAge, absoluteMaxAge, clock } = engine.settings
  const now = clock()
  const value = createOpaqueToken(now)
  const life = Math.min(maxAge, absoluteMaxAge)
  const sessionToken = await hashToken(value)
  const row = toStoredSession({
    id: rows ? crypto.randomUUID() : await deriveSessionId(sessionToken),
    sessionToken,
    userId: String(user.id),
    startedAt: now,
    expires: new Date(now.getTime() + life),
    now,
    client,
  })
  const stored = (await adapter.getUser?.(row.userId)) ?? omitUndefined({ ...user, id: row.userId })
  // Last: a store that fails in between leaves no row behind that nobody holds the cookie of.
  if (rows) await rows.createSession(row)
  else await adapter.createSession?.({ sessionToken, userId: row.userId, expires: row.expires })
  return { identity: toIdentity(engine, { session: row, user: stored }), cookie: { value, maxAge: toSeconds(life) } }
}

/** How often a patch is tried again when another one was written in between. */
const MAX_TRIES = 5

async function update(
  { engine, rows, cache }: Database,
  identity: Identity,
  patch: Readonly<Record<string, unknown>>,
): Promise<Issued> {
  if (!rows || !identity.sessionToken) throw configurationError('adapter', 'it lacks writeSessionClaims()')
  checkIssuedClaims(engine.settings.claims, patch)
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const found = await rows.getSessionAndUser(identity.sessionToken)
    if (!found || found.session.revokedAt) throw new AuthError('SessionRevoked')
    const { sessionToken, revision } = found.session
    const claims = { ...found.session.claims, ...patch }
    if (await rows.writeSessionClaims({ sessionToken, revision, claims })) {
      cache?.forget(identity.sessionId)
      return { identity: toIdentity(engine, { ...found, session: { ...found.session, claims } }) }
    }
  }
  throw new AuthError('AdapterError', { cause: new Error('the session changed faster than it could be written') })
}

async function end(
  { engine, adapter, rows, revocations, cache }: Database,
  { sessionId, sessionToken, user }: Identity,
): Promise<void> {
  const now = engine.settings.clock()
  if (rows) await rows.revokeSession({ id: sessionId, userId: user.id, now })
  else if (sessionToken) await adapter.deleteSession?.(sessionToken)
  cache?.forget(sessionId)
  // Rows are read on every request; it is the streams that are open now, and who keeps rows for a while, that must hear of it.
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
  const token: AnyToken = {
    sub: String(id),
    iat: createdAt,
    exp: toSeconds(session.expires.getTime()),
    jti: session.id,
    sessionId: session.id,
    authTime: createdAt,
  }
  // None of them has a name of those above: settings.ts refuses that.
  const claims = readRowClaims(engine, user, session.claims)
  for (const claim of Object.keys(claims)) token[claim] = claims[claim]
  if (name !== undefined) token.name = name
  if (email !== undefined) token.email = email
  if (image !== undefined) token.picture = image
  return token
}

/** Roles and declared claims of a row; an empty column is no claim. */
function readRowClaims(
  { settings, warnOnce }: Engine,
  user: AdapterUser,
  patch: StoredSession['claims'],
): Record<string, unknown> {
  const source: Record<string, unknown> = {}
  const take = (name: string) => {
    if (patch && Object.hasOwn(patch, name)) source[name] = patch[name]
    else if (Object.hasOwn(user, name) && user[name] !== null) source[name] = user[name]
  }
  // Only what is asked for: a users table may have any number of columns.
  for (const name of settings.claims.keys()) take(name)
  take('roles')
  take('role')
  const misfit = (claim: string) =>
    warnOnce(`claim ${claim}`, `claim "${claim}" of a row does not fit its schema and is left out`)
  const claims = readClaims(settings.claims, source, misfit)
  claims.roles = readRoles(source)
  return claims
}

/** What a bearer token starts with under the database strategy (D1): the default claims, and what a cookie's session would read. */
export async function withRowClaims(engine: Engine, token: AnyToken): Promise<AnyToken> {
  const user = engine.settings.strategy === 'database' ? await engine.adapter?.getUser?.(token.sub) : null
  return user ? { ...readRowClaims(engine, user, null), ...token } : token
}
