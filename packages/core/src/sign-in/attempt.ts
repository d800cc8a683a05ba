import type { Engine } from '../config/engine.ts'
import type { AttemptParams } from '../contract/call.ts'
import type { AttemptCounter, AttemptRule, CountedAttempt } from '../contract/limits.ts'
import { AuthError, isAuthError } from '../errors.ts'
import type { Awaitable } from '../internal/types.ts'
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
 * calls the same function, with its request's address filled in.
 *
 * @throws AuthError `RateLimited`, `CredentialsSignin` if the check returned null, `InvalidInput` for an endless `whom`, and whatever the
 * check throws
 */
export type RunAttempt = <T extends object>(params: ClientAttemptParams, check: () => Awaitable<T | null>) => Promise<T>

export function createAttempt(
  engine: Engine,
  { clients, names }: Counters = openCounters(engine.settings.limits, engine.settings.logger),
): RunAttempt {
  const { limits, clock } = engine.settings
  const limiters = limits.signIn && {
    client: { counter: clients, rule: limits.signIn.perClient },
    whom: { counter: names, rule: limits.signIn.perIdentifier },
  }
  return async (params, check) => {
    checkLength(params)
    warnIfUnlimited(engine, params)
    const { client, whom } = await readKeys(params)
    const now = clock()
    const byClient = limiters ? await count(limiters.client, client, now) : UNCOUNTED
    const byWhom = limiters ? await count(limiters.whom, whom, now) : UNCOUNTED
    const found = await runCounted(check, [byClient, byWhom])
    await Promise.all([byClient.undo(), byWhom.clear()])
    return found
  }
}

interface Limiter {
  readonly counter: AttemptCounter
  readonly rule: AttemptRule
}

function checkLength({ whom }: ClientAttemptParams): void {
  if (whom !== null && whom.length > MAX_IDENTIFIER) throw new AuthError('InvalidInput')
}

function warnIfUnlimited({ settings, warnOnce }: Engine, { what, whom, address }: ClientAttemptParams): void {
  if (!settings.limits.signIn || whom !== null || address) return
  const isProvider = settings.providers.has(what)
  const [attempts, reason, fix] = isProvider
    ? [`sign-in attempts of the provider "${what}"`, 'it has no `identify`', 'Give it an `identify`']
    : [`attempts of "${what}"`, 'they name nobody', 'Name somebody']
  warnOnce(
    `unlimited ${what}`,
    `${attempts} are not limited: ${reason}, and the client's address is not known. ` +
      `${fix}, or let the server know the address (pass it to the handler, set \`trustedProxies\`)`,
  )
}

async function readKeys({ what, whom, address }: ClientAttemptParams) {
  return {
    client: address ? await toAddressKey(address) : null,
    whom: whom === null ? null : await toIdentifierKey(what, whom),
  }
}

const UNCOUNTED: Pick<CountedAttempt, 'undo' | 'clear'> = { undo: () => {}, clear: () => {} }

/** @throws AuthError `RateLimited` */
async function count({ counter, rule }: Limiter, key: string | null, now: Date) {
  if (key === null) return UNCOUNTED
  const attempt = await counter.consume(key, rule, now)
  if (!attempt.allowed) throw new AuthError('RateLimited', { retryAfter: attempt.retryAfter })
  return attempt
}

async function runCounted<T extends object>(
  check: () => Awaitable<T | null>,
  attempts: readonly Pick<CountedAttempt, 'undo'>[],
): Promise<T> {
  let found: T | null
  try {
    found = await check()
  } catch (error) {
    if (!isRefusal(error)) await Promise.all(attempts.map(async ({ undo }) => undo()))
    throw error
  }
  if (!found) throw new AuthError('CredentialsSignin')
  return found
}

/** A check may refuse by throwing an AuthError of its own; that is a guess all the same. */
function isRefusal(error: unknown): boolean {
  return isAuthError(error) && error.status < 500
}
