import type { AdapterUser, SessionAdapter, StoredSession } from '../store/adapter.ts'
import type { Engine } from '../config/engine.ts'
import { AuthError, isUntrusted } from '../errors.ts'
import type { Identity } from '../contract/identity.ts'
import { toSeconds } from '../internal/time.ts'
import type { TrustedClaims } from '../token/claims.ts'
import { hashSessionId } from '../token/hash.ts'
import type { AnyToken } from '../contract/token.ts'
import type { Revocations } from './revocations.ts'
import { toStoredSession } from './row.ts'

/** What the functions of jwt sessions with rows share. */
export interface JwtRows {
  readonly engine: Engine
  readonly revocations: Revocations
  /** A store that keeps sessions by id: then every session has a row, and ending the row ends copies of the cookie too. */
  readonly rows: SessionAdapter | null
}

/** What the store says of a token that is too old to count by itself. */
export interface Owner {
  /** null: there is no store that could know. */
  readonly user: AdapterUser | null
  /** Whether no row has to be created: it has one, or there is no store for them. */
  readonly hasRow: boolean
}

/**
 * Asks the store, and writes nothing. Another library's session without a row is good if its user exists: a deleted one must not come back
 * with an old cookie.
 *
 * @throws AuthError `SessionRevoked` if the row or the user is gone
 */
export async function requireOwner({ engine, rows }: JwtRows, { token, foreign }: TrustedClaims): Promise<Owner> {
  if (!rows) return { user: (await engine.adapter?.getUser?.(token.sub)) ?? null, hasRow: true }
  const found = await rows.getSessionAndUser(await hashSessionId(token.sessionId))
  if (found?.session.revokedAt) throw new AuthError('SessionRevoked')
  const user = found?.user ?? (foreign ? await rows.getUser(token.sub) : null)
  if (user?.id !== token.sub) throw new AuthError('SessionRevoked')
  return { user, hasRow: found !== null }
}

/** Gives another library's session a row. @throws AuthError `SessionRevoked` if it has ended meanwhile */
export async function adopt(
  { engine, rows }: JwtRows,
  { token, startedAt }: TrustedClaims,
  expires: Date,
): Promise<void> {
  const row = await toForeignRow({
    sessionId: token.sessionId,
    userId: token.sub,
    startedAt: new Date(startedAt * 1_000),
    expires,
    now: engine.settings.clock(),
  })
  try {
    await rows?.createSession(row)
  } catch (error) {
    // Another request may have been first: then its row decides, else the store really failed.
    const found = await rows?.getSessionAndUser(row.sessionToken)
    if (!found) throw error
    if (found.session.revokedAt) throw new AuthError('SessionRevoked')
  }
}

/** Adopts a session that is renewed. If the store can't be written to just now, the next renewal tries again. */
export async function adoptIfPossible(jwt: JwtRows, claims: TrustedClaims, expires: Date): Promise<boolean> {
  try {
    await adopt(jwt, claims, expires)
    return true
  } catch (error) {
    if (isUntrusted(error)) throw error
    jwt.engine.settings.logger.error('a session could not be adopted', error)
    return false
  }
}

/**
 * Moves the row's end along with the cookie's. A store that can be read but not written just now (a failover, a full disk) ends no
 * session: false, and the reader goes on with the one they have.
 */
export async function extendRow({ engine, rows }: JwtRows, sessionId: string, expires: Date): Promise<boolean> {
  try {
    const sessionToken = await hashSessionId(sessionId)
    await rows?.slideSession({ sessionToken, expires, lastSeenAt: engine.settings.clock() })
    return true
  } catch (error) {
    engine.settings.logger.error('a session could not be extended', error)
    return false
  }
}

/**
 * A connection has the token that it began with. The browser may have got one that lasts longer meanwhile, from an instance that isn't
 * heard here. If there is a row, it says until when the session lasts.
 */
export async function extendByRow({ rows }: JwtRows, token: AnyToken, now: Date): Promise<AnyToken> {
  if (!rows || token.exp * 1_000 > now.getTime()) return token
  const found = await rows.getSessionAndUser(await hashSessionId(token.sessionId))
  if (found?.session.revokedAt) throw new AuthError('SessionRevoked')
  return found ? { ...token, exp: Math.max(token.exp, toSeconds(found.session.expires.getTime())) } : token
}

/** Another library's session that ends before it had a row gets one that says so, or a copy of its cookie would be adopted later. */
export async function writeTombstone(
  { engine, rows }: JwtRows,
  { sessionId, token, startedAt, expires }: Identity,
): Promise<void> {
  const userId = token.sub
  const now = engine.settings.clock()
  const row = await toForeignRow({ sessionId, userId, startedAt, expires, now })
  if (!(await rows?.getUser(userId))) return
  try {
    await rows?.createSession({ ...row, revokedAt: now })
  } catch (error) {
    // A parallel request has adopted or ended it meanwhile: then that row is the one to end.
    if (!(await rows?.getSessionAndUser(row.sessionToken))) throw error
    await rows?.revokeSession({ id: sessionId, userId, now })
  }
}

/** The row of another library's session: nothing is known of the client that began it. */
async function toForeignRow(from: {
  readonly sessionId: string
  readonly userId: string
  readonly startedAt: Date
  readonly expires: Date
  readonly now: Date
}): Promise<StoredSession> {
  const { sessionId: id, ...rest } = from
  return toStoredSession({
    ...rest,
    id,
    sessionToken: await hashSessionId(id),
    client: { userAgent: null, ip: null },
    amr: null,
  })
}

/** @returns whether there was a live row to end */
export async function revoke(jwt: JwtRows, sessionId: string, userId: string): Promise<boolean> {
  const now = jwt.engine.settings.clock()
  const revoked = (await jwt.rows?.revokeSession({ id: sessionId, userId, now })) ?? false
  // Without a store too: this process refuses copies of its cookie, and its streams end.
  jwt.revocations.add([sessionId])
  return revoked
}
