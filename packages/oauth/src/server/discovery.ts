import type { AuthorizationServer } from 'oauth4webapi'
import type { OAuth2Provider, OidcProvider } from '../provider.ts'
import type { LimitedFetch } from './fetch.ts'

/** What is known of a provider's endpoints, by the names of RFC 8414. */
export type Metadata = AuthorizationServer

/** Milliseconds for which a discovery document counts. */
const MAX_AGE = 60 * 60 * 1_000

/**
 * The discovery document of an OpenID provider: fetched at the first use, by one request however many wait for it, and again after an hour. If
 * it can't be fetched then, the old one goes on.
 */
export function createDiscovery(
  provider: OidcProvider,
  fetch: LimitedFetch,
  clock: () => Date,
): () => Promise<Metadata> {
  const given = readGiven(provider)
  let known: { readonly metadata: Metadata; readonly at: number } | null = null
  let fetching: Promise<Metadata> | null = null
  const renew = async () => {
    const metadata = { ...(await discover(provider, fetch)), ...given }
    known = { metadata, at: clock().getTime() }
    return metadata
  }
  return async () => {
    if (isComplete(given)) return given
    if (known && clock().getTime() - known.at < MAX_AGE) return known.metadata
    fetching ??= renew().finally(() => (fetching = null))
    const old = known
    return old ? fetching.catch(() => old.metadata) : fetching
  }
}

/** @throws Error */
async function discover({ issuer, discovery }: OidcProvider, fetch: LimitedFetch): Promise<Metadata> {
  const url = discovery ?? `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await fetch(url, { headers: { accept: 'application/json' } })
  if (response.status !== 200) throw new Error(`the discovery document: status ${response.status}`)
  const document: unknown = await response.json()
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new Error('the discovery document is no object')
  const metadata = document as Metadata // its members are checked where they are used
  // Exactly (OpenID Connect Discovery 4.3): another one would speak for this provider.
  if (metadata.issuer !== issuer)
    throw new Error(`the discovery document names the issuer ${String(metadata.issuer)}, and not ${issuer}`)
  return metadata
}

function readGiven({ issuer, endpoints = {} }: OidcProvider): Metadata {
  const { authorization, token, userinfo, jwks } = endpoints
  return {
    issuer,
    ...(authorization !== undefined && { authorization_endpoint: authorization }),
    ...(token !== undefined && { token_endpoint: token }),
    ...(userinfo !== undefined && { userinfo_endpoint: userinfo }),
    ...(jwks !== undefined && { jwks_uri: jwks }),
  }
}

function isComplete({ authorization_endpoint, token_endpoint, jwks_uri }: Metadata): boolean {
  return authorization_endpoint !== undefined && token_endpoint !== undefined && jwks_uri !== undefined
}

/** A provider of plain OAuth 2 has no document: the definition says it all. */
export function readMetadata({ id, issuer, authorization, token }: OAuth2Provider): Metadata {
  // The library needs one. No server has this name, so no response can match it.
  return {
    issuer: issuer ?? `https://${id}.invalid`,
    authorization_endpoint: authorization,
    token_endpoint: token,
  }
}
