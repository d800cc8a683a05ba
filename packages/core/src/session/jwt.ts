import { type AdapterUser, isSessionAdapter } from '../store/adapter.ts'
import type { Engine } from '../config/engine.ts'
import { AuthError, isAuthError } from '../errors.ts'
import { toSeconds } from '../internal/time.ts'
import { checkIssuedClaims } from '../roles/claims.ts'
import { rerunJwt, runJwt } from '../config/run-callbacks.ts'
import { MAX_COOKIE_LENGTH } from '../cookie/session-cookie.ts'
import { verifyClaims, defaultClaims, type TrustedClaims } from '../token/claims.ts'
import { hashSessionId } from '../token/hash.ts'
import { andThen } from '../internal/awaitable.ts'
import type { Awaitable } from '../internal/types.ts'
import type { RawClaims } from '../token/open.ts'
import type { AnyToken } from '../contract/token.ts'
import { builtAt, confirm, type Confirmed } from './confirm.ts'
import type { Decisions } from './decisions.ts'
import { toEncoded } from './encoded.ts'
import type { Identity } from '../contract/identity.ts'
import { toTokenIdentity } from './identity.ts'
import { toStoredSession } from './row.ts'
import { createJwtCookies, type JwtCookies } from './jwt-cookies.ts'
import { endingAt, type Life, readLife } from './jwt-life.ts'
import {
  adopt,
  adoptIfPossible,
  extendByRow,
  extendRow,
  type JwtRows,
  requireOwner,
  revoke,
  writeTombstone,
} from './jwt-rows.ts'
import type { Revocations } from './revocations.ts'
import type { Revalidated, Issued, SessionStrategy, StartParams, Updated } from './strategy.ts'

/** What the functions of this strategy share. */
interface Jwt extends JwtRows {
  readonly cookies: JwtCookies
  readonly decisions: Decisions
}

/** The session lives in an encrypted cookie; if the adapter keeps sessions by id, a row makes it revocable. */
export function createJwtStrategy(engine: Engine, revocations: Revocations, decisions: Decisions): SessionStrategy {
  const cookies = createJwtCookies(engine.settings)
  const rows = isSessionAdapter(engine.adapter) ? engine.adapter : null
  const jwt: Jwt = { engine, cookies, revocations, decisions, rows }
  return {
    open: (value, writable, isTheirs) => open(jwt, value, writable, isTheirs),
    identify: (value, isTheirs) => identify(jwt, value, isTheirs),
    start: (params) => start(jwt, params),
    revalidate: (identity, force) => revalidate(jwt, identity, force),
    update: (identity, patch) => update(jwt, identity, patch),
    updatesCookie: true,
    end: (identity) => end(jwt, identity),
  }
}

function open(jwt: Jwt, value: string, writable: boolean, isTheirs?: true): Awaitable<Issued> {
  return andThen(jwt.cookies.open(value, isTheirs), (opened) => validateToken(jwt, opened, writable, isTheirs))
}

/** Whether an authentic token still counts, and what keeping its session alive takes. */
function validateToken(jwt: Jwt, opened: RawClaims, writable: boolean, isTheirs?: true): Awaitable<Issued> {
  const { settings } = jwt.engine
  const now = settings.clock()
  const verified = verifyClaims(opened, now)
  const claims = isTheirs ? { ...verified, isTheirs } : verified
  const { token, startedAt } = claims
  if (jwt.revocations.has(token.sessionId)) throw new AuthError('SessionRevoked')
  const life = readLife(jwt.engine.settings, claims, now)
  if (now.getTime() >= life.renewAt) return renew(jwt, claims, life, writable)
  return andThen(confirmByRow(jwt, claims), ({ confirmedAt }) => {
    if (life.slideTo && writable) return slide(jwt, claims, life, life.slideTo)
    const identity = toTokenIdentity(endingAt(token, life.expires), startedAt)
    const until = Math.min(life.expires.getTime(), life.renewAt)
    return { identity, fresh: { until, slideAt: life.slideAt, confirmedAt } }
  })
}

/** Asks the row only if an end of the session may have gone unheard. */
function confirmByRow(jwt: Jwt, claims: TrustedClaims): Awaitable<Confirmed> {
  return confirm(jwt, claims.token, () => requireOwner(jwt, claims))
}

/** The claims count until they are too old; then their row does, and the jwt callback on them. */
async function revalidate(jwt: Jwt, { token, startedAt }: Identity, force: boolean): Promise<Revalidated> {
  const { settings } = jwt.engine
  const now = settings.clock()
  const extended = await extendByRow(jwt, token, now)
  // Its beginning is known: a token of another library, renewed but never delivered, has the time of its last renewal only.
  const claims = { ...verifyClaims(extended, now), startedAt: toSeconds(startedAt.getTime()) }
  if (jwt.revocations.has(claims.token.sessionId)) throw new AuthError('SessionRevoked')
  const life = readLife(jwt.engine.settings, claims, now)
  if (!force && now.getTime() < life.renewAt) {
    const identity = toTokenIdentity(endingAt(claims.token, life.expires), claims.startedAt)
    return { identity, until: life.renewAt, ...(await confirmByRow(jwt, claims)) }
  }
  const { identity } = await renew(jwt, claims, life, false)
  return { identity, until: now.getTime() + settings.revalidateAge, asked: true, confirmedAt: now.getTime() }
}

/** Asks the row as a renewal would, and leaves everything as it is. */
async function identify(jwt: Jwt, value: string, isTheirs?: true): Promise<Identity> {
  const now = jwt.engine.settings.clock()
  const claims = verifyClaims(await jwt.cookies.open(value, isTheirs), now)
  const { token, startedAt } = claims
  if (jwt.revocations.has(token.sessionId)) throw new AuthError('SessionRevoked')
  const life = readLife(jwt.engine.settings, claims, now)
  if (jwt.rows && now.getTime() >= life.renewAt) await requireOwner(jwt, claims)
  return toTokenIdentity(endingAt(token, life.expires), startedAt)
}

/** Re-seals the same claims with a later end; calls nothing. */
function slide(jwt: Jwt, claims: TrustedClaims, life: Life, expires: Date): Promise<Issued> {
  const { token, startedAt } = claims
  const unchanged = { identity: toTokenIdentity(endingAt(token, life.expires), startedAt), until: life.renewAt }
  const save = () => extendRow(jwt, token.sessionId, expires)
  return prepare(jwt, claims, unchanged, { ...token, exp: toSeconds(expires.getTime()) }, save)
}

/** Checks an old token against its row and rebuilds it through the jwt callback, which sees the user as stored now. */
async function renew(jwt: Jwt, claims: TrustedClaims, life: Life, writable: boolean): Promise<Issued> {
  const { revalidateAge, clock } = jwt.engine.settings
  const now = clock()
  const { user, hasRow } = await requireOwner(jwt, claims)
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

/** The session as it stays without a new cookie, and until when it may be taken from memory: milliseconds since the epoch. */
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
    const issued = await issue(jwt, token, claims.startedAt, jwt.cookies.maxLength)
    const isCurrent = () => !jwt.decisions.isReplaced(claims.token)
    return { identity, renewal: { ...issued, isCurrent, save } }
  } catch (error) {
    const { warnOnce, settings } = jwt.engine
    const mayStay = claims.foreign || claims.isTheirs || settings.takeOver?.write === 'theirs'
    if (!mayStay || !isAuthError(error) || error.kind !== 'SessionTooLarge') throw error
    warnOnce('foreign too large', 'a session of another library does not fit into two cookies: it is not extended')
    // Its row is made all the same, so that it can be listed and ended.
    await save()
    const life = { until: Math.min(identity.expires.getTime(), until), slideAt: Infinity }
    return { identity, fresh: { ...life, confirmedAt: builtAt(claims.token) } }
  }
}

async function start(jwt: Jwt, params: StartParams) {
  const { user, client, amr } = params
  const { settings, callbacks } = jwt.engine
  const now = settings.clock()
  const expires = new Date(now.getTime() + Math.min(settings.maxAge, settings.absoluteMaxAge))
  const token = await runJwt(callbacks, defaultClaims(user, amr, crypto.randomUUID(), now, expires), params)
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
      amr,
    }),
  )
  return issued
}

async function update(jwt: Jwt, identity: Identity, patch: Readonly<Record<string, unknown>>): Promise<Updated> {
  const now = jwt.engine.settings.clock()
  const startedAt = toSeconds(identity.startedAt.getTime())
  const claims: TrustedClaims = { token: identity.token, foreign: identity.foreign, startedAt }
  const { user, hasRow } = await requireOwner(jwt, claims)
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
async function issue(jwt: Jwt, token: AnyToken, startedAt: number, maxLength = MAX_COOKIE_LENGTH) {
  const { settings } = jwt.engine
  checkIssuedClaims(settings.claims, token)
  const claims = toEncoded(token)
  const value = await jwt.cookies.seal(claims)
  if (value.length > maxLength) {
    throw new AuthError('SessionTooLarge', {
      detail: `the token has ${value.length} bytes, ${maxLength} fit into its cookies`,
    })
  }
  const maxAge = claims.exp - toSeconds(settings.clock().getTime())
  return { identity: toTokenIdentity(claims, startedAt), cookie: { value, maxAge } }
}

async function end(jwt: Jwt, identity: Identity): Promise<void> {
  const hadRow = await revoke(jwt, identity.sessionId, identity.token.sub)
  if (jwt.rows && !hadRow && identity.foreign) await writeTombstone(jwt, identity)
}
