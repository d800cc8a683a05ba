import type { TokenResponse } from '@latchkey/core'

/** What a client keeps of a token response. Plain data: it is stored as JSON and sent to other tabs. */
export interface Tokens {
  /** The session's public id, the same through every refresh. */
  readonly sessionId: string
  /** Authenticates calls. */
  readonly accessToken: string
  /** Renews the access token. Absent if it is in an HttpOnly cookie. */
  readonly refreshToken?: string
  /** When the access token expires, in milliseconds since 1970 by this machine's own clock, even if that is wrong. */
  readonly expires: number
  /** How long the access token lasts, in milliseconds. */
  readonly lifetime: number
}

/** Counts the life of the access token from its arrival, so that the clocks of client and server needn't agree. */
export function toTokens(response: TokenResponse<unknown>): Tokens {
  const { sessionId, accessToken, refreshToken, expiresIn } = response
  const lifetime = expiresIn * 1_000
  return {
    sessionId,
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    expires: Date.now() + lifetime,
    lifetime,
  }
}

/** Whether data from outside (a storage, another tab) has the shape of tokens. */
export function isTokens(value: unknown): value is Tokens {
  const {
    sessionId,
    accessToken,
    refreshToken = '',
    expires,
    lifetime,
  }: Partial<Record<keyof Tokens, unknown>> = Object(value)
  return (
    [sessionId, accessToken, refreshToken].every((text) => typeof text === 'string') &&
    [expires, lifetime].every((time) => typeof time === 'number')
  )
}

/** Whether the access token expires within `early` milliseconds, and is in the last quarter of its life. */
export function isEnding({ expires, lifetime }: Tokens, early: number): boolean {
  return Date.now() >= expires - Math.min(early, lifetime / 4)
}
