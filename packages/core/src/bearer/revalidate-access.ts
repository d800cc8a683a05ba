import { AuthError } from '../errors.ts'
import type { Identity } from '../contract/identity.ts'
import type { AnyToken } from '../contract/token.ts'
import type { Awaitable } from '../internal/types.ts'
import { confirm, type Confirmed } from '../session/confirm.ts'
import type { Revalidated } from '../session/strategy.ts'
import { verifyClaims } from '../token/claims.ts'
import type { SessionAdapter } from '../store/adapter.ts'
import { hashSessionId } from '../token/hash.ts'
import type { Bearer } from './bearer.ts'

type ConfirmingBearer = Pick<Bearer, 'engine' | 'revocations' | 'rows'>

/** Revalidates the session of an access token that a stream or a ticket was opened with: by its claims until it expires, and by its row every `revalidateAge`. */
export async function revalidateAccess(
  bearer: ConfirmingBearer,
  identity: Identity,
  force: boolean,
): Promise<Revalidated> {
  const { engine, revocations, rows } = bearer
  const { clock, revalidateAge } = engine.settings
  const now = clock().getTime()
  const { token } = verifyClaims(identity.token, new Date(now), 'AccessTokenExpired')
  if (revocations.has(token.sessionId)) throw new AuthError('SessionRevoked')
  const until = token.iat * 1_000 + revalidateAge
  if (!rows) return { identity, until: token.exp * 1_000, asked: true, confirmedAt: now }
  if (!force && now < until) return { identity, until, ...(await confirmAccess(bearer, token)) }
  await requireLivingFamily(rows, token)
  return { identity, until: now + revalidateAge, asked: true, confirmedAt: now }
}

/** Asks the family's row only if its end may have gone unheard. */
export function confirmAccess(bearer: ConfirmingBearer, token: AnyToken): Awaitable<Confirmed> {
  const { rows } = bearer
  return confirm(bearer, token, async () => rows && requireLivingFamily(rows, token))
}

/** @throws AuthError `SessionRevoked` */
async function requireLivingFamily(rows: SessionAdapter, token: AnyToken): Promise<void> {
  const found = await rows.getSessionAndUser(await hashSessionId(token.sessionId))
  if (!found || found.session.revokedAt || found.user.id !== token.sub) throw new AuthError('SessionRevoked')
}
