import { type AdapterUser, isSessionAdapter, type SessionAdapter } from '../adapter.ts'
import type { Engine } from '../engine.ts'
import { AuthError, isAuthError, isUntrusted } from '../errors.ts'
import { andThen } from '../internal/awaitable.ts'
import { toSeconds } from '../internal/time.ts'
import { checkIssuedClaims } from '../roles/claims.ts'
import { rerunJwt, runJwt } from '../run-callbacks.ts'
import { MAX_COOKIE_LENGTH } from '../cookie/session-cookie.ts'
import { checkClaims, defaultClaims, type TrustedClaims } from '../token/claims.ts'
import { hashSessionId } from '../token/hash.ts'
import { createKeyRing, type KeyRing } from '../token/keys.ts'
import { openToken, type RawClaims } from '../token/open.ts'
import { sealToken } from '../token/seal.ts'
import type { AnyToken, Awaitable } from '../types.ts'
import type { Decisions } from './decisions.ts'
import { toEncoded } from './encoded.ts'
import { type Identity, toTokenIdentity } from '../identity.ts'
import { toStoredSession } from './row.ts'
import type { Revocations } from './revocations.ts'
import type { Checked, Issued, SessionStrategy, StartParams, Updated } from './strategy.ts'

/** What the functions of this strategy share. */
interface Jwt {
  readonly engine: Engine
  readonly ring: KeyRing
  readonly revocations: Revocations
  readonly decisions: Decisions
  /** A store that remembers sessions by id: then every session has a row, and a copied cookie dies with it. */
  readonly rows: SessionAdapter | null
}

/** The session lives in an encrypted cookie; where the adapter can, a row remembers that it exists ("jwt with a memory"). */
export function createJwtStrategy(engine: Engine, revocations: Revocations, decisions: Decisions): SessionStrategy {
  const { settings } = engine
  const ring = createKeyRing(() => ({ secrets: settings.secrets, salt: settings.cookie.name }))
  const rows = isSessionAdapter(engine.adapter) ? engine.adapter : null
  const jwt: Jwt = { engine, ring, revocations, decisions, rows }
  return {
    open: (value, writable) => open(jwt, value, writable),
    identify: (value) => identify(jwt, value),
    start: (params) => start(jwt, params),
    check: (identity, force) => check(jwt, identity, force),
    update: (identity, patch) => update(jwt, identity, patch),
    updatesCookie: true,
    end: (identity) => end(jwt, identity),
  }
}

/** At once where nothing has to be waited for: the usual case, on every request's path. */
function open(jwt: Jwt, value: string, writable: boolean): Awaitable<Issued> {
  return andThen(openToken(jwt.ring, value), (opened) => judge(jwt, opened, writable))
}

/** Whether an authentic token still counts, and what keeping its session alive takes. */
function judge(jwt: Jwt, opened: RawClaims, writable: boolean): Awaitable<Issued> {
  const { settings } = jwt.engine
  const now = settings.clock()
  const claims = checkClaims(opened, now)
  const { token, startedAt } = claims
  if (jwt.revocations.has(token.sessionId)) throw new AuthError('SessionRevoked')
  const life = readLife(jwt, claims, now)
  if (now.getTime() >= life.renewAt) return renew(jwt, claims, life, writable)
  if (life.slideTo && writable) return slide(jwt, claims, life, life.slideTo)
  const identity = toTokenIdentity(endingAt(token, life.expires), startedAt)
  return { identity, fresh: { until: Math.min(life.expires.getTime(), life.renewAt), slideAt: life.slideAt } }
}

/** The claims count until they are too old to be believed; then their row, and the jwt callback on them. */
async function check(jwt: Jwt, { token, startedAt }: Identity, force: boolean): Promise<Checked> {
  const { settings } = jwt.engine
  const now = settings.clock()
  const extended = await extendByRow(jwt, token, now)
  // Its beginning is known: a token of another library, renewed but never delivered, says of its last renewal only.
  const claims = { ...checkClaims(extended, now), startedAt: toSeconds(startedAt.getTime()) }
  if (jwt.revocations.has(claims.token.sessionId)) throw new AuthError('SessionRevoked')
  const life = readLife(jwt, claims, now)
  if (!force && now.getTime() < life.renewAt) {
    const identity = toTokenIdentity(endingAt(claims.token, life.expires), claims.startedAt)
    return { identity, until: life.renewAt, asked: false }
  }
  const { identity } = await renew(jwt, claims, life, false)
  return { identity, until: now.getTime() + settings.revalidateAge, asked: true }
}

/**
 * A connection has the token that it began with. The browser may have got one that lasts longer meanwhile, from an instance that isn't
 * heard here: where there is a row, that says until when the session lasts.
 */
async function extendByRow({ rows }: Jwt, token: AnyToken, now: Date): Promise<AnyToken> {
  if (!rows || token.exp * 1_000 > now.getTime()) return token
  const found = await rows.getSessionAndUser(await hashSessionId(token.sessionId))
  if (found?.session.revokedAt) throw new AuthError('SessionRevoked')
  return found ? { ...token, exp: Math.max(token.exp, toSeconds(found.session.expires.getTime())) } : token
}

/** Asks the row as a renewal would, and leaves everything as it is. */
async function identify(jwt: Jwt, value: string): Promise<Identity> {
  const now = jwt.engine.settings.clock()
  const claims = checkClaims(await openToken(jwt.ring, value), now)
  const { token, startedAt } = claims
  if (jwt.revocations.has(token.sessionId)) throw new AuthError('SessionRevoked')
  const life = readLife(jwt, claims, now)
  if (jwt.rows && now.getTime() >= life.renewAt) await revalidate(jwt, claims)
  return toTokenIdentity(endingAt(token, life.expires), startedAt)
}

/** The token with the end that counts, which is its own unless the session's absolute one comes first. */
function endingAt(token: AnyToken, expires: Date): AnyToken {
  const exp = toSeconds(expires.getTime())
  return exp === token.exp ? token : { ...token, exp }
}

interface Life {
  readonly expires: Date
  /** The later expiry that is due now, or null. */
  readonly slideTo: Date | null
  /** Milliseconds since the epoch at which extending is due; Infinity: never. */
  readonly slideAt: number
  /** Milliseconds since the epoch at which the token is too old to be believed without its row. */
  readonly renewAt: number
}

/** How long a session still has, by the cookie and by the absolute cap, and whether extending it is due. */
function readLife({ engine }: Jwt, { token, startedAt }: TrustedClaims, now: Date): Life {
  const { maxAge, updateAge, absoluteMaxAge, revalidateAge } = engine.settings
  const cap = startedAt * 1_000 + absoluteMaxAge
  const expires = Math.min(token.exp * 1_000, cap)
  if (expires <= now.getTime()) throw new AuthError('SessionExpired')
  const slideAt = cap - expires >= updateAge ? expires + updateAge - maxAge : Infinity
  return {
    expires: new Date(expires),
    slideTo: now.getTime() >= slideAt ? new Date(Math.min(now.getTime() + maxAge, cap)) : null,
    slideAt,
    renewAt: token.iat * 1_000 + revalidateAge,
  }
}

/** Re-seals the same claims with a later end; calls nothing. */
function slide(jwt: Jwt, claims: TrustedClaims, life: Life, expires: Date): Promise<Issued> {
  const { token, startedAt } = claims
  const unchanged = { identity: toTokenIdentity(endingAt(token, life.expires), startedAt), until: life.renewAt }
  const save = () => extendRow(jwt, token.sessionId, expires)
  return prepare(jwt, claims, unchanged, { ...token, exp: toSeconds(expires.getTime()) }, save)
}

/**
 * Moves the row's end along with the cookie's. A store that can be read but not written just now (a failover, a full disk) costs nobody
 * their session: false, and the reader goes on with the one they have.
 */
async function extendRow({ engine, rows }: Jwt, sessionId: string, expires: Date): Promise<boolean> {
  try {
    const sessionToken = await hashSessionId(sessionId)
    await rows?.slideSession({ sessionToken, expires, lastSeenAt: engine.settings.clock() })
    return true
  } catch (error) {
    engine.settings.logger.error('a session could not be extended', error)
    return false
  }
}

/** Checks an old token against its row and rebuilds it through the jwt callback, which sees the user as stored now. */
async function renew(jwt: Jwt, claims: TrustedClaims, life: Life, writable: boolean): Promise<Issued> {
  const { revalidateAge, clock } = jwt.engine.settings
  const now = clock()
  const { user, hasRow } = await revalidate(jwt, claims)
  const expires = (writable && life.slideTo) || life.expires
  const token = await rebuild(jwt, withNewLife(claims, now, expires), null, user)
  const kept = endingAt(claims.foreign ? withoutAdoption(token, claims) : token, life.expires)
  const unchanged = { identity: toTokenIdentity(kept, claims.startedAt), until: now.getTime() + revalidateAge }
  if (!writable) return { identity: unchanged.identity }
  const save = () => (hasRow ? extendRow(jwt, token.sessionId, expires) : adoptIfPossible(jwt, claims, expires))
  return prepare(jwt, claims, unchanged, token, save)
}

function withNewLife({ token, foreign, startedAt }: TrustedClaims, now: Date, expires: Date): AnyToken {
  return {
    ...token,
    ...(foreign && { adoptedAt: startedAt }),
    iat: toSeconds(now.getTime()),
    exp: toSeconds(expires.getTime()),
    jti: crypto.randomUUID(),
  }
}

/** What isn't delivered hasn't been adopted, and another library's session is known by the `jti` of its own token. */
function withoutAdoption({ adoptedAt: _adoptedAt, ...token }: AnyToken, { token: { jti } }: TrustedClaims): AnyToken {
  return { ...token, jti }
}

/** The session as it stays without a new cookie, and until when that may be answered from memory: milliseconds since the epoch. */
interface Unchanged {
  readonly identity: Identity
  readonly until: number
}

/** What keeps a session alive, with its cookie sealed. Another library's that is too large for us goes on with the cookie that it has. */
async function prepare(
  jwt: Jwt,
  claims: TrustedClaims,
  { identity, until }: Unchanged,
  token: AnyToken,
  save: () => Promise<boolean>,
): Promise<Issued> {
  try {
    const issued = await issue(jwt, token, claims.startedAt)
    const isCurrent = () => !jwt.decisions.isReplaced(claims.token)
    return { identity, renewal: { ...issued, isCurrent, save } }
  } catch (error) {
    if (!claims.foreign || !isAuthError(error) || error.kind !== 'SessionTooLarge') throw error
    const { warnOnce } = jwt.engine
    warnOnce('foreign too large', 'a session of another library does not fit into two cookies: it is not extended')
    // Its row is made all the same, so that it can be listed and ended.
    await save()
    return { identity, fresh: { until: Math.min(identity.expires.getTime(), until), slideAt: Infinity } }
  }
}

/** What the store says of a token that is too old to be believed. */
interface Revalidated {
  /** null: there is no store that could know. */
  readonly user: AdapterUser | null
  /** Whether nothing has to be made: it has a row, or there are none. */
  readonly hasRow: boolean
}

/**
 * Asks the store, and writes nothing. Another library's session without a row is good if its user exists: a deleted one must not come back
 * with an old cookie.
 *
 * @throws AuthError `SessionRevoked` where the row or the user is gone
 */
async function revalidate({ engine, rows }: Jwt, { token, foreign }: TrustedClaims): Promise<Revalidated> {
  if (!rows) return { user: (await engine.adapter?.getUser?.(token.sub)) ?? null, hasRow: true }
  const found = await rows.getSessionAndUser(await hashSessionId(token.sessionId))
  if (found?.session.revokedAt) throw new AuthError('SessionRevoked')
  const user = found?.user ?? (foreign ? await rows.getUser(token.sub) : null)
  if (user?.id !== token.sub) throw new AuthError('SessionRevoked')
  return { user, hasRow: found !== null }
}

/** Gives another library's session a row. @throws AuthError `SessionRevoked` where it has ended meanwhile */
async function adopt({ engine, rows }: Jwt, { token, startedAt }: TrustedClaims, expires: Date): Promise<void> {
  const sessionToken = await hashSessionId(token.sessionId)
  const session = toStoredSession({
    id: token.sessionId,
    sessionToken,
    userId: token.sub,
    startedAt: new Date(startedAt * 1_000),
    expires,
    now: engine.settings.clock(),
    client: { userAgent: null, ip: null },
  })
  try {
    await rows?.createSession(session)
  } catch (error) {
    // Another request may have been first: then its row decides, else the store really failed.
    const found = await rows?.getSessionAndUser(sessionToken)
    if (!found) throw error
    if (found.session.revokedAt) throw new AuthError('SessionRevoked')
  }
}

/** Adopts a session that is renewed; where the store can't be written just now, the next renewal tries again. */
async function adoptIfPossible(jwt: Jwt, claims: TrustedClaims, expires: Date): Promise<boolean> {
  try {
    await adopt(jwt, claims, expires)
    return true
  } catch (error) {
    if (isUntrusted(error)) throw error
    jwt.engine.settings.logger.error('a session could not be adopted', error)
    return false
  }
}

async function start(jwt: Jwt, { user, account, profile, isNewUser, client }: StartParams) {
  const { settings, callbacks } = jwt.engine
  const now = settings.clock()
  const expires = new Date(now.getTime() + Math.min(settings.maxAge, settings.absoluteMaxAge))
  const token = await runJwt(callbacks, {
    trigger: isNewUser ? 'signUp' : 'signIn',
    token: defaultClaims(user, crypto.randomUUID(), now, expires),
    user,
    account,
    profile,
    isNewUser,
    session: null,
    stored: null,
  })
  const issued = await issue(jwt, token, toSeconds(now.getTime()))
  // Last: a callback that throws leaves no row behind.
  await jwt.rows?.createSession(
    toStoredSession({
      id: token.sessionId,
      sessionToken: await hashSessionId(token.sessionId),
      userId: token.sub,
      startedAt: now,
      expires,
      now,
      client,
    }),
  )
  return issued
}

async function update(jwt: Jwt, identity: Identity, patch: Readonly<Record<string, unknown>>): Promise<Updated> {
  const now = jwt.engine.settings.clock()
  const startedAt = toSeconds(identity.startedAt.getTime())
  const claims: TrustedClaims = { token: identity.token, foreign: identity.foreign, startedAt }
  const { user, hasRow } = await revalidate(jwt, claims)
  const renewed = withNewLife(claims, now, identity.expires)
  const issued = await issue(jwt, await rebuild(jwt, { ...renewed, ...patch }, patch, user), startedAt)
  if (!hasRow) await adopt(jwt, claims, identity.expires)
  return { ...issued, replaces: identity.token.jti }
}

/** Runs the jwt callback on existing claims; a refusal ends the session, a throw leaves everything as it was. */
async function rebuild(
  jwt: Jwt,
  token: AnyToken,
  patch: Readonly<Record<string, unknown>> | null,
  stored: AdapterUser | null,
): Promise<AnyToken> {
  try {
    return await rerunJwt(jwt.engine.callbacks, token, patch, stored)
  } catch (error) {
    if (!(isAuthError(error) && error.kind === 'TokenRefused')) throw error
    await revoke(jwt, token.sessionId, token.sub)
    throw new AuthError('SessionRevoked', { cause: error })
  }
}

/** Seals a token whose claims fit their schemas and whose cookies fit into a browser. */
async function issue(jwt: Jwt, token: AnyToken, startedAt: number) {
  const { settings } = jwt.engine
  checkIssuedClaims(settings.claims, token)
  const claims = toEncoded(token)
  const value = await sealToken(jwt.ring, claims)
  if (value.length > MAX_COOKIE_LENGTH) {
    throw new AuthError('SessionTooLarge', {
      detail: `the token has ${value.length} bytes, ${MAX_COOKIE_LENGTH} fit into two cookies`,
    })
  }
  const maxAge = claims.exp - toSeconds(settings.clock().getTime())
  return { identity: toTokenIdentity(claims, startedAt), cookie: { value, maxAge } }
}

async function end(jwt: Jwt, identity: Identity): Promise<void> {
  const hadRow = await revoke(jwt, identity.sessionId, identity.token.sub)
  if (jwt.rows && !hadRow && identity.foreign) await bury(jwt, jwt.rows, identity)
}

/** Another library's session that ends before it had a row gets one that says so, or a copy of its cookie would be adopted later. */
async function bury(
  { engine }: Jwt,
  rows: SessionAdapter,
  { sessionId, token, startedAt, expires }: Identity,
): Promise<void> {
  const userId = token.sub
  const sessionToken = await hashSessionId(sessionId)
  if (!(await rows.getUser(userId))) return
  const now = engine.settings.clock()
  const client = { userAgent: null, ip: null }
  const row = toStoredSession({ id: sessionId, sessionToken, userId, startedAt, expires, now, client })
  try {
    await rows.createSession({ ...row, revokedAt: now })
  } catch (error) {
    // A parallel request has just adopted it, or buried it: then that row is the one to end.
    if (!(await rows.getSessionAndUser(sessionToken))) throw error
    await rows.revokeSession({ id: sessionId, userId, now })
  }
}

/** @returns whether there was a live row to end */
async function revoke(jwt: Jwt, sessionId: string, userId: string): Promise<boolean> {
  const now = jwt.engine.settings.clock()
  const revoked = (await jwt.rows?.revokeSession({ id: sessionId, userId, now })) ?? false
  // Without a store too: this process refuses copies of its cookie, and its streams end.
  jwt.revocations.add([sessionId])
  return revoked
}
