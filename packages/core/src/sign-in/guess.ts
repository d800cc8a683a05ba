import type { Engine } from '../config/engine.ts'
import type { LimitSettings } from '../config/settings.ts'
import { AuthError } from '../errors.ts'
import type { Awaitable } from '../internal/types.ts'
import { type Admission, requireCount, runAdmitted, UNLIMITED } from './admission.ts'
import { requireLength } from './attempt.ts'
import { toAddressKey, toDeviceKey, toIdentifierKey } from './attempt-keys.ts'
import type { Counters } from './counters.ts'
import { requireWait } from './wait.ts'

/** A guess at the password of a name. */
export interface GuessParams {
  /** The id of the provider. */
  readonly provider: string
  readonly name: string
  /** The client's address; null: that isn't known. */
  readonly address: string | null
  /** The id of a device that signed in under this name before; null: it isn't known. */
  readonly device: string | null
}

/**
 * Runs the check of a name and a password, so that strangers who guess lock nobody out:
 *
 * - a device that signed in under this name before has a count of its own;
 * - of all others together, as many guesses are checked at once as `limits.signIn.perIdentifier` says. From then on each client waits,
 *   for seconds, before a guess of its is checked, and has `perIdentifier` of them. No other client can make that longer.
 *
 * Clients whose address isn't known can't be told apart: then the name is closed to unknown devices until the window ends.
 *
 * @throws AuthError `RateLimited`, `CredentialsSignin` if the check returned null, `InvalidInput` for an endless name, and whatever the
 * check throws
 */
export type RunGuess = <T extends object>(params: GuessParams, check: () => Awaitable<T | null>) => Promise<T>

export function createGuess({ settings }: Engine, counters: Counters): RunGuess {
  const { limits, clock } = settings
  return async (params, check) => {
    requireLength(params.name)
    return runAdmitted(limits.signIn ? await admit(counters, limits.signIn, params, clock()) : UNLIMITED, check)
  }
}

/** @throws AuthError `RateLimited` */
async function admit(
  counters: Counters,
  rules: NonNullable<LimitSettings['signIn']>,
  { provider, name, address, device }: GuessParams,
  now: Date,
): Promise<Admission> {
  const nameKey = await toIdentifierKey(provider, name)
  if (device !== null) {
    const byDevice = await counters.devices.consume(await toDeviceKey(nameKey, device), rules.perIdentifier, now)
    if (byDevice.allowed) return { undone: [], cleared: [byDevice] }
    // Its cookie may have been stolen, and used up by the thief. Its owner goes on as an unknown device.
  }
  const clientKey = address ? await toAddressKey(address) : null
  const byClient = clientKey === null ? [] : [await requireCount(counters.clients, clientKey, rules.perClient, now)]
  const byName = await counters.names.consume(nameKey, rules.perIdentifier, now)
  if (byName.allowed) return { undone: byClient, cleared: [byName] }
  if (clientKey === null) throw new AuthError('RateLimited', { retryAfter: byName.retryAfter })
  return {
    undone: byClient,
    cleared: await requireWait(counters.waits, rules.perIdentifier, { name: nameKey, client: clientKey }, now),
  }
}
