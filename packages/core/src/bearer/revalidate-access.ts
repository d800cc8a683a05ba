import { AuthError } from '../errors.ts'
import type { Identity } from '../contract/identity.ts'
import type { Revalidated } from '../session/strategy.ts'
import { verifyClaims } from '../token/claims.ts'
import { hashSessionId } from '../token/hash.ts'
import type { Bearer } from './bearer.ts'

/** Revalidates the session of an access token that a stream or a ticket was opened with: by its claims until it expires, and by its row every `revalidateAge`. */
export async function revalidateAccess(
  { engine, revocations, rows }: Pick<Bearer, 'engine' | 'revocations' | 'rows'>,
  identity: Identity,
  force: boolean,
): Promise<Revalidated> {
  const { clock, revalidateAge } = engine.settings
  const now = clock().getTime()
  const { token } = verifyClaims(identity.token, new Date(now), 'AccessTokenExpired')
  if (revocations.has(token.sessionId)) throw new AuthError('SessionRevoked')
  const until = token.iat * 1_000 + revalidateAge
  if (!rows) return { identity, until: token.exp * 1_000, asked: true }
  if (!force && now < until) return { identity, until, asked: false }
  const found = await rows.getSessionAndUser(await hashSessionId(token.sessionId))
  if (!found || found.session.revokedAt || found.user.id !== token.sub) throw new AuthError('SessionRevoked')
  return { identity, until: now + revalidateAge, asked: true }
}
