import type { Engine } from '../config/engine.ts'
import type { AnyToken } from '../contract/token.ts'
import { isUntrusted } from '../errors.ts'
import type { Awaitable } from '../internal/types.ts'
import { MAX_SKEW } from '../token/claims.ts'
import type { Revocations } from './revocations.ts'

/** A session that is known not to have ended. */
export interface Confirmed {
  /** At which moment: milliseconds since the epoch, by this instance's clock. */
  readonly confirmedAt: number
  /** Whether its row said so. */
  readonly asked: boolean
}

/** When a token was built at the earliest: the clock that its time is from may be ahead of this one. */
export function builtAt({ iat }: AnyToken): number {
  return (iat - MAX_SKEW) * 1_000
}

/**
 * A token counts by itself for a while, as long as every end in other instances is heard of here. What may have gone unheard is read from its
 * row. If the store fails just then, the token counts as it would without a bus: losing both signs nobody out.
 *
 * @param askRow throws an AuthError if the row doesn't count
 */
export function confirm(
  { engine, revocations }: { readonly engine: Engine; readonly revocations: Revocations },
  token: AnyToken,
  askRow: () => Promise<unknown>,
): Awaitable<Confirmed> {
  const confirmedAt = builtAt(token)
  if (revocations.isCompleteSince(confirmedAt)) return { confirmedAt, asked: false }
  return ask(engine, askRow)
}

async function ask({ settings }: Engine, askRow: () => Promise<unknown>): Promise<Confirmed> {
  // Before the row is read: an end that comes meanwhile is heard of, or asked for next time.
  const confirmedAt = settings.clock().getTime()
  try {
    await askRow()
    return { confirmedAt, asked: true }
  } catch (error) {
    // The store's failure is logged by what can't do without it.
    if (isUntrusted(error)) throw error
    return { confirmedAt, asked: false }
  }
}
