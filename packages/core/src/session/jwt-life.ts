import { AuthError } from '../errors.ts'
import { toSeconds } from '../internal/time.ts'
import type { Settings } from '../config/settings.ts'
import type { TrustedClaims } from '../token/claims.ts'
import type { AnyToken } from '../contract/token.ts'

/** How long the session of a token still lasts, and what is due to keep it alive. */
export interface Life {
  readonly expires: Date
  /** The later expiry that is due now, or null. */
  readonly slideTo: Date | null
  /** Milliseconds since the epoch at which extending is due; Infinity: never. */
  readonly slideAt: number
  /** Milliseconds since the epoch at which the token is too old to count without its row. */
  readonly renewAt: number
}

/**
 * The life by the cookie and by the absolute cap.
 *
 * @throws AuthError `SessionExpired`
 */
export function readLife(settings: Settings, claims: TrustedClaims, now: Date): Life {
  const { token, startedAt } = claims
  const { maxAge, updateAge, absoluteMaxAge, revalidateAge } = settings
  const cap = startedAt * 1_000 + absoluteMaxAge
  const expires = Math.min(token.exp * 1_000, cap)
  if (expires <= now.getTime()) throw new AuthError('SessionExpired')
  const slideAt = cap - expires >= updateAge ? expires + updateAge - maxAge : Infinity
  return {
    expires: new Date(expires),
    slideTo: now.getTime() >= slideAt ? new Date(Math.min(now.getTime() + maxAge, cap)) : null,
    slideAt,
    renewAt: isMoving(settings, claims) ? 0 : token.iat * 1_000 + revalidateAge,
  }
}

/** A session that is taken over gets its row and our cookie at once, not when its token has grown old. */
function isMoving({ takeOver }: Settings, { foreign, isTheirs }: TrustedClaims): boolean {
  return takeOver !== null && (isTheirs === true || foreign)
}

/** The token with the end that counts, which is its own unless the session's absolute one comes first. */
export function endingAt(token: AnyToken, expires: Date): AnyToken {
  const exp = toSeconds(expires.getTime())
  return exp === token.exp ? token : { ...token, exp }
}
