import type { Engine } from '../config/engine.ts'
import type { LimitSettings } from '../config/settings.ts'
import type { AttemptParams } from '../contract/call.ts'
import { AuthError } from '../errors.ts'
import type { Awaitable } from '../internal/types.ts'
import { type Admission, requireCount, runAdmitted, UNLIMITED } from './admission.ts'
import { MAX_IDENTIFIER, toAddressKey, toIdentifierKey } from './attempt-keys.ts'
import { type Counters, openCounters } from './counters.ts'

/** What is attempted (a provider's id, or `<plug-in>.<operation>`), for which account, and from which address. */
export interface ClientAttemptParams extends AttemptParams {
  /** The client's address; null: that isn't known. */
  readonly address: string | null
}

/**
 * Runs a check that can be guessed at, counted per `whom` and per client. Attempts in flight count as failures until they end; null counts
 * as one, and so does an AuthError below 500; anything else clears the count of `whom`. A failure of the server isn't counted. A plug-in
 * calls the same function, with its request's address filled in. Guesses at a password aren't counted here, but in `guess.ts`.
 *
 * @throws AuthError `RateLimited`, `CredentialsSignin` if the check returned null, `InvalidInput` for an endless `whom`, and whatever the
 * check throws
 */
export type RunAttempt = <T extends object>(params: ClientAttemptParams, check: () => Awaitable<T | null>) => Promise<T>

export function createAttempt(
  engine: Engine,
  counters: Counters = openCounters(engine.settings.limits, engine.settings.logger),
): RunAttempt {
  const { limits, clock } = engine.settings
  return async (params, check) => {
    requireLength(params.whom)
    warnIfUnlimited(engine, params)
    return runAdmitted(limits.signIn ? await admit(counters, limits.signIn, params, clock()) : UNLIMITED, check)
  }
}

/** @throws AuthError `InvalidInput` */
export function requireLength(whom: string | null): void {
  if (whom !== null && whom.length > MAX_IDENTIFIER) throw new AuthError('InvalidInput')
}

function warnIfUnlimited({ settings, warnOnce }: Engine, { what, whom, address }: ClientAttemptParams): void {
  if (!settings.limits.signIn || whom !== null || address) return
  const provider = settings.providers.get(what)
  // Other ways than credentials need no `identify`: what can be guessed at there they count themselves.
  if (provider && provider.type !== 'credentials') return
  const [attempts, reason, fix] = provider
    ? [`sign-in attempts of the provider "${what}"`, 'it has no `identify`', 'Give it an `identify`']
    : [`attempts of "${what}"`, 'they name nobody', 'Name somebody']
  warnOnce(
    `unlimited ${what}`,
    `${attempts} are not limited: ${reason}, and the client's address is not known. ` +
      `${fix}, or let the server know the address (pass it to the handler, set \`trustedProxies\`)`,
  )
}

async function admit(
  { clients, names }: Counters,
  { perClient, perIdentifier }: NonNullable<LimitSettings['signIn']>,
  { what, whom, address }: ClientAttemptParams,
  now: Date,
): Promise<Admission> {
  const byClient = address ? await requireCount(clients, await toAddressKey(address), perClient, now) : null
  const byName = whom === null ? null : await requireCount(names, await toIdentifierKey(what, whom), perIdentifier, now)
  return { undone: byClient ? [byClient] : [], cleared: byName ? [byName] : [] }
}
