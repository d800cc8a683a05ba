import { isSessionAdapter, type SessionAdapter } from '../adapter.ts'
import type { Engine } from '../engine.ts'
import { AuthError } from '../errors.ts'
import { andThen } from '../internal/awaitable.ts'
import { toSeconds } from '../internal/time.ts'
import { checkIssuedClaims } from '../roles/claims.ts'
import { runJwt } from '../run-callbacks.ts'
import { type TokenSettings } from '../settings.ts'
import { toEncoded } from '../session/encoded.ts'
import { type Identity, toTokenIdentity } from '../session/identity.ts'
import type { Revocations } from '../session/revocations.ts'
import { toStoredSession } from '../session/row.ts'
import type { Checked, Issued, StartParams } from '../session/strategy.ts'
import { checkClaims, defaultClaims } from '../token/claims.ts'
import { hashSessionId } from '../token/hash.ts'
import { createKeyRing, type KeyRing } from '../token/keys.ts'
import { openToken, type RawClaims } from '../token/open.ts'
import { sealToken } from '../token/seal.ts'
import type { AnyToken, Awaitable } from '../types.ts'
import { withRowClaims } from '../session/database.ts'
import { checkAudience } from './audience.ts'
import { ACCESS_TYP, REFRESH_TYP } from './header.ts'

/** A pair as it leaves the engine, with whose it is. */
export interface IssuedPair {
  readonly identity: Identity
  readonly accessToken: string
  readonly refreshToken: string
  /** When each ends. */
  readonly accessExpires: Date
  readonly refreshExpires: Date
}

/** What the functions of this room share. */
export interface Bearer {
  readonly engine: Engine
  readonly tokens: TokenSettings
  readonly access: KeyRing
  readonly refresh: KeyRing
  readonly revocations: Revocations
  /** Where rotation is enforced; null: it can't be. */
  readonly rows: SessionAdapter | null
}

/** Keys of their own per kind: an access token opens nowhere else, and nothing else opens as one (J07). */
export function createBearer(engine: Engine, revocations: Revocations): Bearer | null {
  const { settings } = engine
  const { tokens } = settings
  if (!tokens) return null
  return {
    engine,
    tokens,
    revocations,
    access: createKeyRing(() => ({ secrets: settings.secrets, salt: ACCESS_TYP })),
    refresh: createKeyRing(() => ({ secrets: settings.secrets, salt: REFRESH_TYP })),
    rows: isSessionAdapter(engine.adapter) ? engine.adapter : null,
  }
}

/**
 * Trusts an access token. Asks no store: how long one outlives its session is `accessTokenMaxAge`, and nothing in the instance that
 * ended it.
 *
 * @throws AuthError `AccessTokenExpired`, `SessionRevoked`, `InvalidToken` (R11)
 */
export function openAccessToken(bearer: Bearer, value: string): Awaitable<Issued> {
  return andThen(openToken(bearer.access, value, ACCESS_TYP), (opened) => judge(bearer, opened))
}

function judge({ engine, revocations }: Bearer, opened: RawClaims): Issued {
  const { token, startedAt } = checkClaims(checkAudience(engine, opened), engine.settings.clock(), 'AccessTokenExpired')
  if (revocations.has(token.sessionId)) throw new AuthError('SessionRevoked')
  return { identity: toTokenIdentity(token, startedAt, true), fresh: { until: token.exp * 1_000, slideAt: Infinity } }
}

/** Asks again about the session of an access token that a stream or a ticket was opened with: what it says until it ends, its row now and then. */
export async function checkAccess(
  { engine, revocations, rows }: Pick<Bearer, 'engine' | 'revocations' | 'rows'>,
  identity: Identity,
  force: boolean,
): Promise<Checked> {
  const { clock, revalidateAge } = engine.settings
  const now = clock().getTime()
  const { token } = checkClaims(identity.token, new Date(now), 'AccessTokenExpired')
  if (revocations.has(token.sessionId)) throw new AuthError('SessionRevoked')
  const until = token.iat * 1_000 + revalidateAge
  if (!rows) return { identity, until: token.exp * 1_000, asked: true }
  if (!force && now < until) return { identity, until, asked: false }
  const found = await rows.getSessionAndUser(await hashSessionId(token.sessionId))
  if (!found || found.session.revokedAt || found.user.id !== token.sub) throw new AuthError('SessionRevoked')
  return { identity, until: now + revalidateAge, asked: true }
}

/** Begins a session that lives in a token pair (O2): the row, where there is a store, is written last. */
export async function startBearer(
  bearer: Bearer,
  { user, account, profile, isNewUser, client }: StartParams,
): Promise<IssuedPair> {
  const { engine, tokens, rows } = bearer
  const now = engine.settings.clock()
  const life = readLives(tokens, now, now)
  const claims = await withRowClaims(engine, defaultClaims(user, crypto.randomUUID(), now, life.accessExpires))
  const token = await runJwt(engine.callbacks, {
    trigger: isNewUser ? 'signUp' : 'signIn',
    token: claims,
    user,
    account,
    profile,
    isNewUser,
    session: null,
    stored: null,
  })
  const pair = await issuePair(bearer, token, now, 0)
  if (rows) {
    const sessionToken = await hashSessionId(token.sessionId)
    const row = {
      id: token.sessionId,
      sessionToken,
      userId: token.sub,
      startedAt: now,
      expires: life.refreshExpires,
      now,
      client,
    }
    await rows.createSession(toStoredSession(row))
  }
  return pair
}

/** Ends the session of a token pair, here at once and in the store for all. */
export async function endBearer({ engine, rows, revocations }: Bearer, { sessionId, token }: Identity): Promise<void> {
  const now = engine.settings.clock()
  await rows?.revokeSession({ id: sessionId, userId: token.sub, now })
  revocations.add([sessionId])
}

export interface Lives {
  readonly accessExpires: Date
  readonly refreshExpires: Date
}

/** Both lifetimes, each from its issue, neither beyond the family's end (R4). */
export function readLives(tokens: TokenSettings, startedAt: Date, now: Date): Lives {
  const cap = startedAt.getTime() + tokens.familyMaxAge
  return {
    accessExpires: new Date(Math.min(now.getTime() + tokens.accessTokenMaxAge, cap)),
    refreshExpires: new Date(Math.min(now.getTime() + tokens.refreshTokenMaxAge, cap)),
  }
}

/** Seals the two tokens of one generation. The refresh token carries the claims too, so that refreshing needs no store (R2, J8). */
export async function issuePair(
  bearer: Bearer,
  token: AnyToken,
  startedAt: Date,
  generation: number,
): Promise<IssuedPair> {
  const { engine, tokens, access, refresh } = bearer
  const now = engine.settings.clock()
  const { accessExpires, refreshExpires } = readLives(tokens, startedAt, now)
  checkIssuedClaims(engine.settings.claims, token)
  const { origin } = engine.settings.baseUrl
  const claims = { ...toEncoded(token), iat: toSeconds(now.getTime()), iss: origin, aud: origin }
  const accessClaims = { ...claims, exp: toSeconds(accessExpires.getTime()), jti: crypto.randomUUID() }
  const refreshClaims = { ...claims, exp: toSeconds(refreshExpires.getTime()), jti: crypto.randomUUID(), generation }
  const { iss: _iss, aud: _aud, ...visible } = accessClaims
  return {
    identity: toTokenIdentity(visible, toSeconds(startedAt.getTime()), true),
    accessToken: await sealToken(access, accessClaims, ACCESS_TYP),
    refreshToken: await sealToken(refresh, refreshClaims, REFRESH_TYP),
    accessExpires,
    refreshExpires,
  }
}
