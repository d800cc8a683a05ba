import { isForeign } from '../token/claims.ts'
import type { Identity } from '../contract/identity.ts'
import type { AnyToken } from '../contract/token.ts'
import type { User } from '../contract/user.ts'

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

/** The person that a token names, fields left out that it doesn't have. Member by member, for speed: it is done for every token opened. */
export function toTokenUser({ sub, name, email, picture }: AnyToken): TokenUser {
  const user: TokenUser = { id: sub }
  if (name !== undefined) user.name = name
  if (email !== undefined) user.email = email
  if (picture !== undefined) user.image = picture
  return user
}

/** Written once, while it is made. */
type TokenUser = { -readonly [K in keyof User]: User[K] }
