import { endsSession, readErrorKind } from '../error-kind.ts'
import type { Keeper } from '../tokens/keeper.ts'
import type { Tokens } from '../tokens/tokens.ts'

/** Sends with a live access token. If that is refused as expired, sends once more with a new one. */
export async function attemptTwice<T>(keeper: Keeper, send: () => Promise<T>): Promise<T> {
  const tokens = await keeper.fresh()
  try {
    return await send()
  } catch (error) {
    await renewAfter(error, keeper, tokens)
    return await send()
  }
}

/**
 * Returns once there is a new access token in place of one that was refused as expired. Throws any other error on; if it ends the session, the
 * tokens are dropped first.
 */
export async function renewAfter(error: unknown, keeper: Keeper, tokens: Tokens | null): Promise<void> {
  if (!tokens) throw error
  const kind = readErrorKind(error)
  if (kind === 'AccessTokenExpired') return void (await keeper.renew(tokens))
  if (endsSession(kind)) await keeper.drop(tokens, kind)
  throw error
}
