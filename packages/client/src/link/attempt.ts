import { endsSession, readErrorKind } from '../error-kind.ts'
import type { Keeper } from '../tokens/keeper.ts'
import type { Tokens } from '../tokens/tokens.ts'

/** Sends with a live access token; where it was refused as expired, once more with a new one. */
export async function attemptTwice<T>(keeper: Keeper | undefined, send: () => Promise<T>): Promise<T> {
  const tokens = (await keeper?.fresh()) ?? null
  try {
    return await send()
  } catch (error) {
    if (!keeper || !tokens) throw error
    if (readErrorKind(error) !== 'AccessTokenExpired') return await refused(keeper, tokens, error)
    await keeper.renew(tokens)
    return await send()
  }
}

/** Passes the error on; where it says that the session is over, the tokens go first. */
export async function refused(keeper: Keeper, tokens: Tokens, error: unknown): Promise<never> {
  const kind = readErrorKind(error)
  if (kind && endsSession(kind)) await keeper.drop(tokens, kind)
  throw error
}
