import { endsSession, readErrorKind } from '../error-kind.ts'
import type { Keeper } from '../tokens/keeper.ts'
import type { Tokens } from '../tokens/tokens.ts'
import type { BeginStepUp, HasSteppedUp } from './step-up.ts'

/** What an operation is repeated with. */
export interface AttemptParts {
  readonly keeper: Keeper
  readonly stepUp: BeginStepUp
}

/** Sends with a live access token. If that is refused as expired, or for a step-up that then succeeds, sends once more. */
export async function attemptTwice<T>({ keeper, stepUp }: AttemptParts, send: () => Promise<T>): Promise<T> {
  const hasSteppedUp = stepUp(false)
  const tokens = await keeper.fresh()
  try {
    return await send()
  } catch (error) {
    await repairAfter(error, keeper, tokens, hasSteppedUp)
    return await send()
  }
}

/**
 * Returns once there is a new access token in place of one that was refused as expired, or the person has shown what was missing. Throws any
 * other error on; if it ends the session, the tokens are dropped first.
 */
export async function repairAfter(
  error: unknown,
  keeper: Keeper,
  tokens: Tokens | null,
  hasSteppedUp: HasSteppedUp,
): Promise<void> {
  if (await hasSteppedUp(error)) return
  if (!tokens) throw error
  const kind = readErrorKind(error)
  if (kind === 'AccessTokenExpired') return void (await keeper.renew(tokens))
  if (endsSession(kind)) await keeper.drop(tokens, kind)
  throw error
}
