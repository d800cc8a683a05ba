import { AuthError } from '../errors.ts'
import type { Identity } from '../contract/identity.ts'
import type { Revalidated } from '../session/strategy.ts'
import { verifyClaims } from '../token/claims.ts'
import { confirmAccess, type Families, requireLivingFamily } from './confirm-access.ts'

/** Revalidates the session of an access token that a stream or a ticket was opened with: by its claims until it expires, and by its row every `revalidateAge`. */
export async function revalidateAccess(families: Families, identity: Identity, force: boolean): Promise<Revalidated> {
  const { engine, revocations, rows } = families
  const { clock, revalidateAge } = engine.settings
  const now = clock().getTime()
  const { token } = verifyClaims(identity.token, new Date(now), 'AccessTokenExpired')
  if (revocations.has(token.sessionId)) throw new AuthError('SessionRevoked')
  const until = token.iat * 1_000 + revalidateAge
  if (!rows) return { identity, until: token.exp * 1_000, asked: true, confirmedAt: now }
  if (!force && now < until) return { identity, until, ...(await confirmAccess(families, token)) }
  await requireLivingFamily(rows, token)
  return { identity, until: now + revalidateAge, asked: true, confirmedAt: now }
}
