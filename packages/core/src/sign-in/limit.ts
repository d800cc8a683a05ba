import type { Settings } from '../config/settings.ts'
import type { LimitParams } from '../contract/call.ts'
import { AuthError } from '../errors.ts'
import { MAX_IDENTIFIER, toSendKey } from './attempt-keys.ts'
import type { Counters } from './counters.ts'

/** What is sent, for whom, and from which address. */
export interface ClientLimitParams extends LimitParams {
  /** The client's address; null: that isn't known. */
  readonly address: string | null
}

/**
 * Counts one of what costs money or annoys people, such as a mail: what was counted stays so until its window ends.
 *
 * @throws AuthError `RateLimited`; `InvalidInput` for an endless `whom`; TypeError for a `max` or `window` that isn't a whole number
 */
export type CountSend = (params: ClientLimitParams) => Promise<void>

export function createLimit({ clock }: Settings, { sends }: Counters): CountSend {
  return async ({ what, whom, max, window, address }) => {
    requireWhole(what, { max, window })
    if (whom !== null && whom.length > MAX_IDENTIFIER) throw new AuthError('InvalidInput')
    const key = await toSendKey(`${what}:${max}:${window}`, whom, whom !== null && whom === address)
    const counted = await sends.consume(key, { limit: max, window: window * 1_000 }, clock())
    if (!counted.allowed) throw new AuthError('RateLimited', { retryAfter: counted.retryAfter })
  }
}

/** Compared with `NaN`, no count would ever be too high. */
function requireWhole(what: string, numbers: Pick<LimitParams, 'max' | 'window'>): void {
  for (const [name, value] of Object.entries(numbers))
    if (!Number.isInteger(value) || value < 1)
      throw new TypeError(`the limit "${what}": ${name} must be a whole number`)
}
