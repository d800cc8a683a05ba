import type { AdapterUser, FoundSession } from '../adapter.ts'
import { AuthError, isAuthError } from '../errors.ts'
import { toSeconds } from '../internal/time.ts'
import { rerunJwt } from '../run-callbacks.ts'
import { toTokenIdentity } from '../session/identity.ts'
import { checkClaims } from '../token/claims.ts'
import { hashSessionId } from '../token/hash.ts'
import { openToken } from '../token/open.ts'
import type { AnyToken } from '../types.ts'
import { checkAudience } from './audience.ts'
import { type Bearer, endBearer, type IssuedPair, issuePair, readLives } from './bearer.ts'
import { REFRESH_TYP } from './header.ts'

/** A refresh token that is authentic and alive by its own claims. */
export interface RefreshToken {
  readonly token: AnyToken
  readonly generation: number
  readonly startedAt: Date
}

/**
 * Exchanges a refresh token for a new pair (RFC 6749 section 6, rotation as RFC 9700 section 4.14.2). Nothing is consumed before
 * everything else has succeeded, so that a callback that throws signs nobody out (J15).
 *
 * @param patch declared claims to merge in first (`updateSession` over a bearer), else null
 * @throws AuthError `SessionExpired`, `SessionRevoked`, `TokenReuse`, `InvalidToken` (R11), `InvalidClaim`, `CallbackRouteError`,
 * `AdapterError`
 */
export async function refreshPair(
  bearer: Bearer,
  value: unknown,
  patch: Readonly<Record<string, unknown>> | null,
): Promise<IssuedPair> {
  const refresh = await openRefreshToken(bearer, value)
  const found = await findFamily(bearer, refresh)
  if (found) await checkPosition(bearer, refresh, found)
  const token = await rebuild(bearer, refresh, patch, found?.user ?? null)
  const generation = found ? await rotate(bearer, refresh, found) : refresh.generation + 1
  return issuePair(bearer, token, refresh.startedAt, generation)
}

/** @throws AuthError `InvalidToken`, `SessionExpired` */
export async function openRefreshToken({ engine, refresh, tokens }: Bearer, value: unknown): Promise<RefreshToken> {
  if (typeof value !== 'string') throw new AuthError('InvalidToken')
  const now = engine.settings.clock()
  const { generation, ...claims } = checkAudience(engine, await openToken(refresh, value, REFRESH_TYP))
  const { token, startedAt } = checkClaims(claims, now)
  if (typeof generation !== 'number' || !Number.isSafeInteger(generation)) throw new AuthError('InvalidToken')
  if (startedAt * 1_000 + tokens.familyMaxAge <= now.getTime()) throw new AuthError('SessionExpired')
  return { token, generation, startedAt: new Date(startedAt * 1_000) }
}

/** The family's row with its user; null without a store. @throws AuthError `SessionRevoked` where one is gone or ended (R10). */
async function findFamily({ rows, revocations }: Bearer, { token }: RefreshToken): Promise<FoundSession | null> {
  if (revocations.has(token.sessionId)) throw new AuthError('SessionRevoked')
  if (!rows) return null
  const found = await rows.getSessionAndUser(await hashSessionId(token.sessionId))
  if (!found || found.session.revokedAt || found.user.id !== token.sub) throw new AuthError('SessionRevoked')
  return found
}

/**
 * The newest token of the family may be used, and within the window its immediate parent: then its holder's answer was lost, or two
 * refreshed at once. Anything older is a copy (R9).
 *
 * @throws AuthError `TokenReuse`, with the family ended
 */
async function checkPosition(bearer: Bearer, refresh: RefreshToken, found: FoundSession): Promise<void> {
  const { engine, tokens } = bearer
  const { session, now = engine.settings.clock() } = found
  const behind = session.generation - refresh.generation
  const rotatedAgo = now.getTime() - (session.rotatedAt?.getTime() ?? -Infinity)
  if (behind === 0 || (behind === 1 && rotatedAgo <= tokens.reuseWindow)) return
  await endBearer(bearer, toTokenIdentity(refresh.token, toSeconds(refresh.startedAt.getTime())))
  engine.emit('tokenReuse', { userId: refresh.token.sub, sessionId: refresh.token.sessionId })
  throw new AuthError('TokenReuse')
}

/** Builds the claims anew through the jwt callback; null from it ends the family (J14). */
async function rebuild(
  bearer: Bearer,
  refresh: RefreshToken,
  patch: Readonly<Record<string, unknown>> | null,
  stored: AdapterUser | null,
): Promise<AnyToken> {
  const { engine, tokens } = bearer
  const now = engine.settings.clock()
  const { accessExpires } = readLives(tokens, refresh.startedAt, now)
  const times = { iat: toSeconds(now.getTime()), exp: toSeconds(accessExpires.getTime()) }
  try {
    return await rerunJwt(engine.callbacks, { ...refresh.token, ...times, ...patch }, patch, stored)
  } catch (error) {
    if (!(isAuthError(error) && error.kind === 'TokenRefused')) throw error
    await endBearer(bearer, toTokenIdentity(refresh.token, toSeconds(refresh.startedAt.getTime())))
    throw new AuthError('SessionRevoked', { cause: error })
  }
}

/** How often the row may have moved on while the claims were built before this gives up; each time somebody else has won. */
const MAX_TRIES = 5

/**
 * One conditional update decides (decision 6). Who wins moves the family on; a loser, and the parent inside the window, gets a token of
 * the generation that the family is at now, so that all holders are current and their chains converge. In both cases the update
 * also asks whether the family still lives, so that no child outlives a revoke.
 *
 * @returns the generation of the new token
 */
async function rotate(bearer: Bearer, refresh: RefreshToken, seen: FoundSession): Promise<number> {
  const { engine, tokens, rows } = bearer
  let family = seen
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    await checkPosition(bearer, refresh, family)
    const now = engine.settings.clock()
    const { refreshExpires: expires } = readLives(tokens, refresh.startedAt, now)
    const { sessionToken, generation: from } = family.session
    const to = refresh.generation + 1
    if (await rows?.rotateSession({ sessionToken, from, to, expires, now })) return to
    family = (await findFamily(bearer, refresh)) ?? family
  }
  throw new AuthError('AdapterError', { cause: new Error('the family moved on faster than it could be followed') })
}
