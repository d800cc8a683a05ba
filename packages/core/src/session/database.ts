import {
  type Adapter,
  type AdapterSession,
  type ForeignSession,
  type SessionAdapter,
  isSessionAdapter,
  type StoredSession,
} from '../store/adapter.ts'
import type { Engine } from '../config/engine.ts'
import { AuthError, configurationError } from '../errors.ts'
import { andThen } from '../internal/awaitable.ts'
import { omitUndefined } from '../internal/json.ts'
import type { Awaitable } from '../internal/types.ts'
import { toSeconds } from '../internal/time.ts'
import { checkIssuedClaims } from '../roles/claims.ts'
import type { Hub } from '../bus/hub.ts'
import {
  createOpaqueToken,
  deriveSessionId,
  hashToken,
  isOpaqueToken,
  namesJwtRow,
  toCreationDate,
} from '../token/hash.ts'
import type { Identity } from '../contract/identity.ts'
import type { Revocations } from './revocations.ts'
import { createRowCache, type SessionRow, type RowCache } from './row-cache.ts'
import { toBareIdentity, toIdentity } from './row-identity.ts'
import { toStoredSession } from './row.ts'
import type { Revalidated, Issued, SessionStrategy, StartParams } from './strategy.ts'
import { writeClaims } from './write-claims.ts'

/** The cookie is an opaque token, the session a row: a revocation counts at once, and every read sees the row as it is. */
export function createDatabaseStrategy(engine: Engine, revocations: Revocations, hub: Hub): SessionStrategy {
  const { adapter, settings } = engine
  if (!adapter) throw configurationError('adapter', 'the database strategy keeps sessions in one')
  const rows = isSessionAdapter(adapter) ? adapter : null
  const cache = settings.rowCache && createRowCache(settings.rowCache, hub, revocations, settings.clock)
  const database: Database = { engine, adapter, rows, revocations, cache }
  return {
    open: (value, writable) => open(database, value, writable),
    identify: (value) => identify(database, value),
    start: (params) => start(database, params),
    revalidate: (identity) => revalidate(database, identity),
    update: (identity, patch) => update(database, identity, patch),
    updatesCookie: false,
    end: (identity) => end(database, identity),
  }
}

interface Database {
  readonly engine: Engine
  readonly adapter: Adapter
  /** The adapter, if its rows have every column; null: they are another library's. */
  readonly rows: SessionAdapter | null
  readonly revocations: Revocations
  /** null: every request reads its row. */
  readonly cache: RowCache | null
}

function open(database: Database, value: string, writable: boolean): Awaitable<Issued> {
  return andThen(readToken(database, value), (token) =>
    andThen(hashToken(token), (sessionToken) => openRow(database, { token, sessionToken }, value, writable)),
  )
}

function openRow(database: Database, presented: ForeignSession, value: string, writable: boolean): Awaitable<Issued> {
  const known = database.cache?.get(presented.sessionToken)
  return known ? validateRow(database, known, value, writable) : read(database, presented, value, writable)
}

/** The session token of a cookie's value: the value itself, unless the store takes sessions over whose cookie has another form. */
function readToken(database: Database, value: string): Awaitable<string> {
  return isOpaqueToken(value) ? value : readTheirs(database, value)
}

async function readTheirs({ adapter, rows }: Database, value: string): Promise<string> {
  const token = (await (rows && adapter.readSessionCookie?.(value))) ?? null
  if (token === null || namesJwtRow(token))
    throw new AuthError('InvalidToken', { cause: new Error('not an opaque session token') })
  return token
}

/** Reads the row, as every request does. */
async function revalidate(database: Database, { sessionToken, startedAt }: Identity): Promise<Revalidated> {
  if (sessionToken === null) throw new AuthError('InvalidToken', { cause: new Error('no row of its own') })
  const known = database.cache?.get(sessionToken)
  const confirmedAt = database.engine.settings.clock().getTime()
  const found = known ?? (await find(database, sessionToken, () => startedAt))
  if (!found) throw new AuthError('SessionRevoked', { cause: new Error('its row is gone') })
  const { identity } = await validateRow(database, found, '', false)
  return { identity, until: 0, asked: true, confirmedAt }
}

async function read(database: Database, presented: ForeignSession, value: string, writable: boolean): Promise<Issued> {
  const { sessionToken } = presented
  const asked = database.cache?.ask()
  const found = (await findPresented(database, presented)) ?? (await takeOver(database, presented))
  if (!found) throw new AuthError('InvalidToken', { cause: new Error('no such session') })
  return andThen(validateRow(database, found, value, writable), (issued) => {
    // Don't cache a row that is being extended.
    if (asked && !issued.renewal) database.cache?.keep(sessionToken, found, asked)
    return issued
  })
}

/** The session of a token that was presented. */
function findPresented(database: Database, { token, sessionToken }: ForeignSession): Promise<SessionRow | null> {
  return find(database, sessionToken, () => toCreationDate(token))
}

/** The session of such a token that another library began. */
async function takeOver({ adapter, rows }: Database, presented: ForeignSession): Promise<SessionRow | null> {
  return (await (rows && adapter.takeOverSession?.(presented))) ?? null
}

function find(database: Database, sessionToken: string, begunAt: () => Date): Promise<SessionRow | null> {
  const { rows } = database
  return rows ? rows.getSessionAndUser(sessionToken) : findAndComplete(database, sessionToken, begunAt)
}

async function findAndComplete(
  { adapter }: Database,
  sessionToken: string,
  begunAt: () => Date,
): Promise<SessionRow | null> {
  const found = await adapter.getSessionAndUser?.(sessionToken)
  return found ? { session: await complete(found.session, begunAt()), user: found.user } : null
}

async function identify(database: Database, value: string): Promise<Identity> {
  const { settings } = database.engine
  const token = await readToken(database, value)
  const presented = { token, sessionToken: await hashToken(token) }
  const found = (await findPresented(database, presented)) ?? (await takeOver(database, presented))
  if (!found) throw new AuthError('InvalidToken')
  const { session } = found
  const now = settings.clock().getTime()
  if (session.revokedAt) throw new AuthError('SessionRevoked')
  if (Math.min(session.expires.getTime(), session.createdAt.getTime() + settings.absoluteMaxAge) <= now)
    throw new AuthError('SessionExpired')
  return toBareIdentity(found)
}

/** What Auth.js's tables have no columns for. */
const UNKNOWN = {
  claims: null,
  revision: 0,
  generation: 0,
  rotatedAt: null,
  revokedAt: null,
  amr: null,
  userAgent: null,
  ip: null,
}

/** Auth.js's tables have three columns; the rest follows from the token. */
async function complete(session: AdapterSession, begunAt: Date): Promise<StoredSession> {
  const id = session.id && session.createdAt ? session.id : await deriveSessionId(session.sessionToken)
  return { ...UNKNOWN, createdAt: begunAt, lastSeenAt: begunAt, ...session, id }
}

/** Whether the row still counts, and what extends it if that is due. */
function validateRow(database: Database, found: SessionRow, value: string, writable: boolean): Awaitable<Issued> {
  const { session } = found
  const { maxAge, updateAge, absoluteMaxAge, clock } = database.engine.settings
  const now = clock()
  if (session.revokedAt) throw new AuthError('SessionRevoked')
  const expires = session.expires.getTime()
  const cap = session.createdAt.getTime() + absoluteMaxAge
  if (Math.min(expires, cap) <= now.getTime()) return deleteExpiredRow(database, session, now)
  const target = Math.min(now.getTime() + maxAge, cap)
  if (writable && target - expires >= updateAge) return slide(database, found, value, new Date(target))
  return { identity: toIdentity(database.engine, found) }
}

/** A row that has expired is dead and is deleted. */
async function deleteExpiredRow(
  { adapter, rows, cache }: Database,
  { id, sessionToken }: StoredSession,
  now: Date,
): Promise<never> {
  cache?.forget(id)
  if (rows) await rows.deleteSession(sessionToken, now)
  else await adapter.deleteSession?.(sessionToken)
  throw new AuthError('SessionExpired')
}

function slide({ engine, ...database }: Database, found: SessionRow, value: string, expires: Date): Issued {
  const { sessionToken, id } = found.session
  const now = engine.settings.clock()
  const identity = toIdentity(engine, { ...found, session: { ...found.session, expires } })
  const renewal = {
    identity,
    cookie: { value, maxAge: toSeconds(expires.getTime() - now.getTime()) },
    // The cookie holds no claims that could be outdated.
    isCurrent: () => true,
    // false: a parallel request has moved the row and has sent the cookie.
    save: () => {
      database.cache?.forget(id)
      return extendRow({ engine, ...database }, sessionToken, expires, now)
    },
  }
  return { identity: toIdentity(engine, found), renewal }
}

/** A store that can be read but not written just now (a failover, a full disk) ends no session: it isn't extended, that is all. */
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

async function start({ engine, adapter, rows }: Database, { user, client, amr }: StartParams) {
  const { maxAge, absoluteMaxAge, clock } = engine.settings
  const now = clock()
  const token = createOpaqueToken(now)
  const life = Math.min(maxAge, absoluteMaxAge)
  const sessionToken = await hashToken(token)
  const row = toStoredSession({
    id: rows ? crypto.randomUUID() : await deriveSessionId(sessionToken),
    sessionToken,
    userId: String(user.id),
    startedAt: now,
    expires: new Date(now.getTime() + life),
    now,
    client,
    amr,
  })
  const stored = (await adapter.getUser?.(row.userId)) ?? omitUndefined({ ...user, id: row.userId })
  const value = (await (rows && adapter.shareSession?.({ token, session: row }))) ?? token
  // Last: if the store fails before, no row is left that no cookie belongs to.
  if (rows) await rows.createSession(row)
  else await adapter.createSession?.({ sessionToken, userId: row.userId, expires: row.expires })
  return { identity: toIdentity(engine, { session: row, user: stored }), cookie: { value, maxAge: toSeconds(life) } }
}

async function update(
  { engine, rows, cache }: Database,
  identity: Identity,
  patch: Readonly<Record<string, unknown>>,
): Promise<Issued> {
  if (!rows || !identity.sessionToken) throw configurationError('adapter', 'it lacks writeSessionClaims()')
  checkIssuedClaims(engine.settings.claims, patch)
  const found = await writeClaims(rows, identity.sessionToken, patch)
  cache?.forget(identity.sessionId)
  return { identity: toIdentity(engine, found) }
}

async function end(
  { engine, adapter, rows, revocations, cache }: Database,
  { sessionId, sessionToken, user }: Identity,
): Promise<void> {
  const now = engine.settings.clock()
  if (rows) await rows.revokeSession({ id: sessionId, userId: user.id, now })
  else if (sessionToken) await adapter.deleteSession?.(sessionToken)
  cache?.forget(sessionId)
  // Rows are read on every request; the streams that are open now, and instances that cache rows, must know of it.
  revocations.add([sessionId])
}
