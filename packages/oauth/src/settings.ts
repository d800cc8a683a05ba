import { configurationError, isLoopback } from '@latchkey/core'
import { isBuilding } from './building.ts'
import type { OAuthOptions } from './options.ts'
import type { OAuthProvider } from './provider.ts'

/** The options, checked, with every default in place. */
export interface Settings {
  readonly providers: readonly OAuthProvider[]
  readonly storeTokens: boolean
  /** Null: the app's own origin. */
  readonly callbackOrigin: string | null
}

/** @throws AuthError `Configuration`, naming the option and the fix */
export function readSettings(providers: readonly OAuthProvider[], options: OAuthOptions): Settings {
  const { storeTokens = true, callbackOrigin = null } = options
  if (!Array.isArray(providers) || providers.length === 0)
    throw configurationError('oauth', 'list at least one provider: oauth([oidc({ … })])')
  for (const provider of providers) checkProvider(provider)
  if (callbackOrigin !== null && !isOrigin(callbackOrigin))
    throw configurationError('oauth.callbackOrigin', "write scheme and host only, e.g. 'https://auth.example.com'")
  return { providers, storeTokens, callbackOrigin }
}

function checkProvider(provider: OAuthProvider): void {
  const { id, clientId, clientSecret, clientAuth, authorizationParams = {} } = provider
  if (typeof id !== 'string' || !/^[\w-]{1,64}$/.test(id))
    throw configurationError('oauth', `"${id}" can't be a provider's id: use letters, digits, - and _`)
  if (!TYPES.has(provider.type)) throw configurationError(`oauth.${id}`, 'make it with oidc(), oauth2() or a preset')
  if (isBuilding()) return
  if (!isFilled(clientId))
    throw configurationError(`oauth.${id}.clientId`, 'it is empty: is its environment variable set?')
  if (clientSecret !== undefined && typeof clientSecret !== 'function' && !isFilled(clientSecret))
    throw configurationError(`oauth.${id}.clientSecret`, 'it is empty: is its environment variable set?')
  if (clientAuth !== undefined && clientAuth !== 'none' && clientSecret === undefined)
    throw configurationError(`oauth.${id}.clientSecret`, `${clientAuth} needs one`)
  const own = Object.keys(authorizationParams).find((name) => OF_FLOW.has(name))
  if (own !== undefined)
    throw configurationError(`oauth.${id}.authorizationParams`, `"${own}" belongs to the flow: leave it out`)
  checkAddresses(provider)
}

const TYPES: ReadonlySet<string> = new Set(['oidc', 'oauth'])

/** Parameters that the flow sets itself. */
const OF_FLOW = new Set(
  'client_id redirect_uri response_type state nonce code_challenge code_challenge_method scope request request_uri'.split(
    ' ',
  ),
)

function checkAddresses(provider: OAuthProvider): void {
  const { id } = provider
  const addresses =
    provider.type === 'oidc'
      ? { issuer: provider.issuer, discovery: provider.discovery, ...provider.endpoints }
      : {
          authorization: provider.authorization,
          token: provider.token,
          userinfo: typeof provider.userinfo === 'string' ? provider.userinfo : undefined,
        }
  for (const [name, address] of Object.entries(addresses)) {
    if (address !== undefined && !isAddress(address))
      throw configurationError(`oauth.${id}.${name}`, 'write an https URL (http only on this machine)')
  }
  const needed = provider.type === 'oidc' ? [provider.issuer] : [provider.authorization, provider.token]
  if (!needed.every(isFilled)) throw configurationError(`oauth.${id}`, 'it lacks an address: see its documentation')
  if (provider.type === 'oauth' && typeof provider.userinfo !== 'string' && typeof provider.userinfo !== 'function')
    throw configurationError(`oauth.${id}.userinfo`, 'write the address of the profile, or a function')
}

function isAddress(address: string): boolean {
  // A placeholder, as in Microsoft's issuer, is no letter of a URL.
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : null
  if (!url || url.username || url.password || url.hash) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

function isOrigin(text: string): boolean {
  return typeof text === 'string' && URL.canParse(text) && new URL(text).origin === text && isAddress(text)
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
