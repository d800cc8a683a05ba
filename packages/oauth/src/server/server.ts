import { isLoopback } from '@latchkey/core'
import { type Client, ClientSecretPost, type ClientAuth, clockSkew, None } from 'oauth4webapi'
import type { OAuthProvider } from '../provider.ts'
import { clientSecretBasic } from './basic.ts'
import { createDiscovery, type Metadata, readMetadata } from './discovery.ts'
import { createFetch, type LimitedFetch } from './fetch.ts'
import { createKeys, type Keys } from './keys.ts'

/** A provider as this package talks to it. */
export interface Server {
  readonly provider: OAuthProvider
  /** Where its endpoints are. @throws Error if the discovery document can't be fetched, or isn't this provider's */
  readonly metadata: () => Promise<Metadata>
  readonly keys: Keys
  readonly fetch: LimitedFetch
  /** What the app is there. */
  readonly client: () => Client
  /** Proves that to the token endpoint. */
  readonly authenticate: () => Promise<ClientAuth>
}

export function createServer(provider: OAuthProvider, clock: () => Date): Server {
  const fetch = createFetch(isLocal(provider), provider.quirks?.fetch)
  const metadata =
    provider.type === 'oidc' ? createDiscovery(provider, fetch, clock) : async () => readMetadata(provider)
  return {
    provider,
    metadata,
    keys: createKeys(fetch, clock),
    fetch,
    client: () => createClient(provider, clock()),
    authenticate: () => authenticate(provider, clock()),
  }
}

/** Only a provider that is configured on this machine may be talked to there, without TLS. */
function isLocal(provider: OAuthProvider): boolean {
  const address = provider.type === 'oidc' ? provider.issuer : provider.token
  if (!URL.canParse(address)) return false // while `next build` runs: otherwise the settings refuse it
  const { protocol, hostname } = new URL(address)
  return protocol === 'http:' && isLoopback(hostname)
}

function createClient(provider: OAuthProvider, now: Date): Client {
  const alg = provider.type === 'oidc' ? provider.idTokenAlg : undefined
  return {
    client_id: provider.clientId,
    // The engine's clock counts, and not the machine's.
    [clockSkew]: Math.round((now.getTime() - Date.now()) / 1_000),
    ...(alg !== undefined && { id_token_signed_response_alg: alg }),
  }
}

async function authenticate({ clientAuth, clientSecret }: OAuthProvider, now: Date): Promise<ClientAuth> {
  const secret = typeof clientSecret === 'function' ? await clientSecret({ now }) : clientSecret
  if (secret === undefined || clientAuth === 'none') return None()
  return clientAuth === 'client_secret_post' ? ClientSecretPost(secret) : clientSecretBasic(secret)
}
