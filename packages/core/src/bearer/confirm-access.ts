import type { Engine } from '../config/engine.ts'
import type { AnyToken } from '../contract/token.ts'
import { AuthError } from '../errors.ts'
import type { Awaitable } from '../internal/types.ts'
import { confirm, type Confirmed } from '../session/confirm.ts'
import type { Revocations } from '../session/revocations.ts'
import type { SessionAdapter } from '../store/adapter.ts'
import { hashSessionId } from '../token/hash.ts'

/** What tells whether the family of an access token still lives. */
export interface Families {
  readonly engine: Engine
  readonly revocations: Revocations
  /** null: there is no row to ask. */
  readonly rows: SessionAdapter | null
}

/** Asks the family's row only if its end may have gone unheard. */
export function confirmAccess(families: Families, token: AnyToken): Awaitable<Confirmed> {
  const { rows } = families
  return confirm(families, token, async () => rows && requireLivingFamily(rows, token))
}

/** @throws AuthError `SessionRevoked` */
export async function requireLivingFamily(rows: SessionAdapter, token: AnyToken): Promise<void> {
  const found = await rows.getSessionAndUser(await hashSessionId(token.sessionId))
  if (!found || found.session.revokedAt || found.user.id !== token.sub) throw new AuthError('SessionRevoked')
}
