import { isPlainObject } from '../internal/json.ts'
import { toSeconds } from '../internal/time.ts'
import type { Settings } from '../config/settings.ts'
import type { SessionUser } from '../contract/session.ts'
import type { IssuedPair, RefreshIn } from './issue.ts'
import type { TokenResponse } from '../contract/token-response.ts'

/** The token response. Its body has no refresh token if that went into a cookie. */
export function toTokenResponse(
  { clock }: Settings,
  pair: IssuedPair,
  session: unknown,
  refresh: RefreshIn,
): TokenResponse<unknown> {
  const expiresAt = toSeconds(pair.accessExpires.getTime())
  return {
    tokenType: 'Bearer',
    sessionId: pair.identity.sessionId,
    accessToken: pair.accessToken,
    ...(refresh === 'body' && { refreshToken: pair.refreshToken }),
    expiresAt,
    expiresIn: expiresAt - toSeconds(clock().getTime()),
    // The session callback may have left the user out or changed it: this is what it made of it.
    user: isPlainObject(session) && isPlainObject(session.user) ? (session.user as unknown as SessionUser) : null,
    session,
  }
}
