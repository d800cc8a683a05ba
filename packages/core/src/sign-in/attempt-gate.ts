import type { Engine } from '../config/engine.ts'
import { AuthError, isAuthError } from '../errors.ts'
import type { User } from '../contract/user.ts'
import { MAX_IDENTIFIER, toAddressKey, toIdentifierKey } from './attempt-keys.ts'
import { type AttemptCounter, createAttemptCounter } from './limits.ts'

export interface AttemptKeys {
  readonly provider: string
  readonly identifier: string | null
  readonly address: string | null
}

/**
 * Runs a check of credentials, counted per identifier and per client. Attempts in flight count as failures until they end; a
 * success clears the identifier; a failure of the server counts for nobody.
 *
 * @throws AuthError `RateLimited`, `CredentialsSignin`, `InvalidInput` for an endless identifier, and whatever the check throws
 */
export type AttemptGate = (keys: AttemptKeys, check: () => Promise<User | null>) => Promise<User>

export function createAttemptGate({ settings: { limits, clock }, warnOnce }: Engine): AttemptGate {
  const identifiers = limits && createAttemptCounter(limits.perIdentifier)
  const clients = limits && createAttemptCounter(limits.perClient)
  return async (keys, check) => {
    if (keys.identifier !== null && keys.identifier.length > MAX_IDENTIFIER) throw new AuthError('InvalidInput')
    if (limits && keys.identifier === null && !keys.address) warnUnlimited(warnOnce, keys.provider)
    const clientKey = keys.address ? await toAddressKey(keys.address) : null
    const identifierKey = keys.identifier === null ? null : await toIdentifierKey(keys.provider, keys.identifier)
    const now = clock().getTime()
    const client = count(clients, clientKey, now)
    const identifier = count(identifiers, identifierKey, now)
    const user = await check().catch((error: unknown) => {
      if (!isRefusal(error)) for (const attempt of [client, identifier]) attempt.takeBack()
      throw error
    })
    if (!user) throw new AuthError('CredentialsSignin')
    client.takeBack()
    identifier.clear()
    return user
  }
}

function warnUnlimited(warnOnce: Engine['warnOnce'], provider: string): void {
  warnOnce(
    `unlimited ${provider}`,
    `sign-in attempts of the provider "${provider}" are not limited: it has no \`identify\`, and the client's address is not known. ` +
      'Give it an `identify`, or let the server know the address (pass it to the handler, set `trustedProxies`)',
  )
}

interface Counted {
  readonly takeBack: () => void
  readonly clear: () => void
}

const UNCOUNTED: Counted = { takeBack: () => {}, clear: () => {} }

function count(counter: AttemptCounter | null, key: string | null, now: number): Counted {
  if (!counter || !key) return UNCOUNTED
  return { takeBack: counter.begin(key, now), clear: () => counter.clear(key) }
}

/** An `authorize` may refuse by throwing an AuthError of its own; that is a guess all the same. */
function isRefusal(error: unknown): boolean {
  return isAuthError(error) && error.status < 500
}
