import { allowInsecureRequests, customFetch, processUserInfoResponse, userInfoRequest } from 'oauth4webapi'
import type { Redeemed } from '../grant/redeem.ts'
import type { OAuth2Provider, OidcProvider, ProviderProfile, ProviderTokens, UserinfoRequest } from '../provider.ts'
import type { LimitedFetch } from '../server/fetch.ts'
import type { Server } from '../server/server.ts'

/**
 * What the provider says of the person.
 *
 * @throws Error
 */
export function fetchProfile(server: Server, { tokens, claims }: Redeemed): Promise<ProviderProfile> {
  const { provider } = server
  if (provider.type === 'oauth') return fetchOAuth2Profile(provider, server.fetch, tokens)
  if (!claims) throw new Error('there is no id_token')
  return fetchOidcProfile(provider, server, tokens, claims)
}

/** Userinfo must be about the person of the id_token (OpenID Connect Core 5.3.2): a token that was swapped would name somebody else. */
async function fetchOidcProfile(
  provider: OidcProvider,
  server: Server,
  tokens: ProviderTokens,
  claims: ProviderProfile,
): Promise<ProviderProfile> {
  const metadata = await server.metadata()
  if (!isUserinfoNeeded(provider, claims) || metadata.userinfo_endpoint === undefined) return claims
  const client = server.client()
  const response = await userInfoRequest(metadata, client, tokens.access_token, {
    [allowInsecureRequests]: true, // as in redeem(): the fetch decides
    [customFetch]: (url, { method, headers }) => server.fetch(url, { method, headers }),
  })
  const userinfo = await processUserInfoResponse(metadata, client, String(claims.sub), response)
  return merge(userinfo, claims)
}

/** What is signed counts. An address and whether it is verified come from one source: the two may know different addresses. */
function merge(userinfo: ProviderProfile, claims: ProviderProfile): ProviderProfile {
  const { email, email_verified } = claims.email === undefined ? userinfo : claims
  return { ...userinfo, ...claims, email, email_verified }
}

function isUserinfoNeeded(
  { userinfo = 'auto', scope = 'openid profile email' }: OidcProvider,
  claims: ProviderProfile,
) {
  if (userinfo !== 'auto') return userinfo === 'always'
  const asked = new Set(scope.split(' '))
  return (asked.has('email') && claims.email === undefined) || (asked.has('profile') && claims.name === undefined)
}

async function fetchOAuth2Profile(
  { userinfo }: OAuth2Provider,
  fetch: LimitedFetch,
  tokens: ProviderTokens,
): Promise<ProviderProfile> {
  const fetchJson = (url: string, init: UserinfoRequest = {}) => fetchWithToken(fetch, tokens, url, init)
  const profile: unknown =
    typeof userinfo === 'string' ? await fetchJson(userinfo) : await within(userinfo({ tokens, fetchJson }))
  if (typeof profile === 'object' && profile !== null && !Array.isArray(profile)) return profile as ProviderProfile // JSON's objects are records
  throw new Error("the provider's profile is no object")
}

async function fetchWithToken(
  fetch: LimitedFetch,
  { access_token: token }: ProviderTokens,
  url: string,
  { method, headers, body }: UserinfoRequest,
): Promise<unknown> {
  const all = { accept: 'application/json', 'user-agent': 'latchkey', authorization: `Bearer ${token}`, ...headers }
  const response = await fetch(url, { method, headers: all, body })
  if (!response.ok) throw new Error(`${new URL(url).origin} answers a request for the profile with ${response.status}`)
  return response.json()
}

/** Milliseconds that a function of the app's or of a preset may take. */
const TIME_LIMIT = 4_000

async function within<T>(value: T | Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('userinfo() takes too long')), TIME_LIMIT)
  })
  try {
    return await Promise.race([value, late])
  } finally {
    clearTimeout(timer)
  }
}
