import type { JWKS } from 'oauth4webapi'
import type { LimitedFetch } from './fetch.ts'

/** A provider's public keys. */
export interface Keys {
  /** The keys as they are known, or fetched. @throws Error */
  readonly get: (url: string) => Promise<JWKS>
  /** The keys anew, for a token that none of them has signed; null: they were asked for anew a moment ago. @throws Error */
  readonly renew: (url: string) => Promise<JWKS | null>
}

/** Milliseconds for which keys count: one that a provider has withdrawn is trusted no longer than that. */
const MAX_AGE = 10 * 60_000
/** Milliseconds between two renewals: tokens that name unknown keys make no storm of requests. */
const COOL_DOWN = 30_000

/** Keeps the keys of one provider. One request, however many wait for it. */
export function createKeys(fetch: LimitedFetch, clock: () => Date): Keys {
  let known: { readonly jwks: JWKS; readonly at: number } | null = null
  let fetching: Promise<JWKS> | null = null
  let renewedAt = Number.NEGATIVE_INFINITY
  const now = () => clock().getTime()
  const load = (url: string) => {
    fetching ??= fetchKeys(fetch, url)
      .then((jwks) => {
        known = { jwks, at: now() }
        return jwks
      })
      .finally(() => (fetching = null))
    return fetching
  }
  return {
    get: async (url) => (known && now() - known.at < MAX_AGE ? known.jwks : load(url)),
    renew: async (url) => {
      if (fetching) return fetching
      if (now() - renewedAt < COOL_DOWN) return null
      renewedAt = now()
      return load(url)
    },
  }
}

async function fetchKeys(fetch: LimitedFetch, url: string): Promise<JWKS> {
  const response = await fetch(url, { headers: { accept: 'application/json, application/jwk-set+json' } })
  if (response.status !== 200) throw new Error(`the provider's keys: status ${response.status}`)
  const jwks: unknown = await response.json()
  if (!isKeySet(jwks)) throw new Error("the provider's keys are no key set")
  return jwks
}

function isKeySet(value: unknown): value is JWKS {
  if (typeof value !== 'object' || value === null || !('keys' in value) || !Array.isArray(value.keys)) return false
  return value.keys.every((key: unknown) => typeof key === 'object' && key !== null)
}
