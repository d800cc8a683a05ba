import type { SessionUser } from './session.ts'

/** What a sign-in without cookies returns (the members of RFC 6749 section 5.1, in camel case). */
export interface TokenResponse<TSession> {
  /** How the access token is sent: `Authorization: Bearer …`. */
  readonly tokenType: 'Bearer'
  /** The session's public id: the same through every refresh. */
  readonly sessionId: string
  /** Authenticates requests until it expires. */
  readonly accessToken: string
  /** Absent if it went into an HttpOnly cookie (`refresh: 'cookie'`). */
  readonly refreshToken?: string
  /** Unix seconds at which the access token ends. */
  readonly expiresAt: number
  /** The same as seconds from now, for clients whose clock is wrong. */
  readonly expiresIn: number
  /** The signed-in person. */
  readonly user: SessionUser | null
  /** The session as the session callback shapes it. */
  readonly session: TSession | null
}
