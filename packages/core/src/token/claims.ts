import { AuthError } from '../errors.ts'
import { toSeconds } from '../internal/time.ts'
import type { AnyToken } from '../contract/token.ts'
import type { User } from '../contract/user.ts'

/**
 * The clocks of two instances may differ by this much: each may be 60 seconds off. A token from further in the future is refused. Seconds.
 */
export const MAX_SKEW = 120

/** The verified claims of an opened token. */
export interface TrustedClaims {
  readonly token: AnyToken
  /** Whether another library issued it: no session id of ours, no row yet. */
  readonly foreign: boolean
  /** Set if it came in another library's cookie, which ours replaces. */
  readonly isTheirs?: true
  /** Unix seconds at which the session began: sign-in, or for a foreign token its adoption. */
  readonly startedAt: number
}

/**
 * Verifies the claims that every token must have (RFC 7519 section 4.1).
 *
 * @param expiredKind the kind of error for an `exp` in the past
 * @throws AuthError `InvalidToken`, and `expiredKind`
 */
export function verifyClaims(
  claims: Readonly<Record<string, unknown>>,
  now: Date,
  expiredKind: 'SessionExpired' | 'AccessTokenExpired' = 'SessionExpired',
): TrustedClaims {
  // Ours say when their session began, too: another library's app may call a claim of its own `sessionId`.
  const foreign = claims.sessionId === undefined || (claims.authTime === undefined && claims.adoptedAt === undefined)
  const trusted = foreign ? withoutBeginning(claims) : claims
  const { sub, iat, exp, nbf, jti, sessionId, authTime, adoptedAt, amr } = trusted
  const seconds = now.getTime() / 1_000
  const isPast = (value: unknown): value is number => isInstant(value) && value <= seconds + MAX_SKEW
  if (typeof sub !== 'string' || sub === '') throw invalid('sub')
  if (!isPast(iat)) throw invalid('iat')
  if (!isInstant(exp)) throw invalid('exp')
  if (nbf !== undefined && !isPast(nbf)) throw invalid('nbf')
  if (typeof jti !== 'string' || jti === '') throw invalid('jti')
  if (!foreign && (typeof sessionId !== 'string' || sessionId === '')) throw invalid('sessionId')
  // A future timestamp would never expire.
  if (authTime !== undefined && !isPast(authTime)) throw invalid('authTime')
  if (adoptedAt !== undefined && !isPast(adoptedAt)) throw invalid('adoptedAt')
  if (amr !== undefined && !isWords(amr)) throw invalid('amr')
  if (exp <= seconds) throw new AuthError(expiredKind)
  // The members of DefaultClaims were checked one by one above; the rest is as the jwt callback made it. Not copied: claims were parsed
  // for this one request, and a copy would cost more than all the checks.
  const token = (foreign ? { ...trusted, sessionId: jti } : trusted) as AnyToken
  return { token, foreign, startedAt: authTime ?? adoptedAt ?? iat }
}

/**
 * Whether another library began the session and its token was never issued anew here: ours say when the session began. The one definition
 * of "foreign", for tokens that {@link verifyClaims} has seen.
 */
export function isForeign({ authTime, adoptedAt }: AnyToken): boolean {
  return authTime === undefined && adoptedAt === undefined
}

/** What another library's token calls `authTime` or `amr` is that app's own: the former may well be in milliseconds. */
function withoutBeginning(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { authTime: _authTime, adoptedAt: _adoptedAt, amr: _amr, ...others } = claims
  return others
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isWords(value: unknown): boolean {
  return Array.isArray(value) && value.every((word) => typeof word === 'string')
}

function invalid(claim: string): AuthError {
  return new AuthError('InvalidToken', { cause: new Error(`claim ${claim} is missing or wrong`) })
}

/** The claims that every token starts with: undefined fields are left out, null is kept. */
export function defaultClaims(
  user: User,
  amr: readonly string[],
  sessionId: string,
  now: Date,
  expires: Date,
): AnyToken {
  const { name, email, image } = user
  return {
    sub: String(user.id),
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(image !== undefined && { picture: image }),
    iat: toSeconds(now.getTime()),
    exp: toSeconds(expires.getTime()),
    jti: crypto.randomUUID(),
    sessionId,
    authTime: toSeconds(now.getTime()),
    ...(amr.length > 0 && { amr }),
  }
}

const RESERVED_CLAIMS = new Set(['sub', 'iat', 'exp', 'jti', 'sessionId', 'authTime', 'adoptedAt', 'amr'])

/** What a callback returned, with identity and life as they were before it ran. */
export function reapplyReserved(returned: Readonly<Record<string, unknown>>, before: AnyToken): AnyToken {
  const own = Object.fromEntries(Object.entries(returned).filter(([claim]) => !RESERVED_CLAIMS.has(claim)))
  const { sub, iat, exp, jti, sessionId, authTime, adoptedAt, amr } = before
  return {
    ...own,
    sub,
    iat,
    exp,
    jti,
    sessionId,
    ...(authTime !== undefined && { authTime }),
    ...(adoptedAt !== undefined && { adoptedAt }),
    ...(amr !== undefined && { amr }),
  }
}
