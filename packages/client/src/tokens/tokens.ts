import type { TokenResponse } from '@latchkey/core'

/** What a client keeps of a token response. Plain data: it goes through JSON and to other tabs. */
export interface Tokens {
  /** The session's public id, the same through every refresh. */
  readonly sessionId: string
  readonly accessToken: string
  /** Absent where it lives in an HttpOnly cookie. */
  readonly refreshToken?: string
  /** When the access token ends, in milliseconds by this machine's own clock, however wrong that is. */
  readonly expires: number
  /** How long the access token lasts, in milliseconds. */
  readonly lifetime: number
}

/** Counts the access token's life from its arrival, so that the two clocks needn't agree. */
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

/** Whether the access token is about to end: within `early` milliseconds, and never sooner than its last quarter. */
export function isEnding({ expires, lifetime }: Tokens, early: number): boolean {
  return Date.now() >= expires - Math.min(early, lifetime / 4)
}
