import { isForeign } from './token/claims.ts'
import type { Strategy, AnyToken, User } from './types.ts'

/** A credential that was found to be good: whose it is and all that is known of the session. Never leaves the server as it is. */
export interface Identity {
  readonly strategy: Strategy
  readonly token: AnyToken
  /** What the session callback gets as `user`: from the token under the jwt strategy, the row under the database strategy. */
  readonly user: User & Readonly<Record<string, unknown>>
  readonly sessionId: string
  /** The key of the session's row; null where there is none. */
  readonly sessionToken: string | null
  readonly expires: Date
  /** When the session began. */
  readonly startedAt: Date
  /** Whether another library issued its token: it may have no row yet, and gets one when it is renewed. */
  readonly foreign: boolean
  /** Whether an access token stands for it, so that its end asks for a refresh rather than a sign-in. */
  readonly isAccess: boolean
}

/** The identity that an opened token stands for: what a session cookie of the jwt strategy and an access token share. */
export function toTokenIdentity(token: AnyToken, startedAt: number, isAccess = false): Identity {
  return {
    strategy: 'jwt',
    token,
    user: toTokenUser(token),
    sessionId: token.sessionId,
    sessionToken: null,
    expires: new Date(token.exp * 1_000),
    startedAt: new Date(startedAt * 1_000),
    foreign: isForeign(token),
    isAccess,
  }
}

/** The person that a token names, fields left out that it doesn't have. Member by member: it is done for every token opened. */
export function toTokenUser({ sub, name, email, picture }: AnyToken): TokenUser {
  const user: TokenUser = { id: sub }
  if (name !== undefined) user.name = name
  if (email !== undefined) user.email = email
  if (picture !== undefined) user.image = picture
  return user
}

/** Written once, while it is made. */
type TokenUser = { -readonly [K in keyof User]: User[K] }
