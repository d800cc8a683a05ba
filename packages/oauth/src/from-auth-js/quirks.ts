import type { ProviderQuirks } from '../provider.ts'
import type { Settings } from './settings.ts'

/** Where Auth.js departs from the standards for a provider. */
export function toQuirks({ type, checks, token, fetch }: Settings): ProviderQuirks {
  const conform = token.conform as ConformHook | undefined // Auth.js' contract
  return {
    // A list of checks names what the provider is known to pass. Without one it is `pkce`, and a nonce is sent, too: the standard requires it.
    noPkce: checks !== undefined && !checks.includes('pkce'),
    noNonce: type === 'oidc' && checks !== undefined && !checks.includes('nonce'),
    ignoreIdToken: type === 'oauth',
    ...(conform && { readTokenResponse: async (response) => (await conform(response.clone())) ?? response }),
    ...(fetch && { fetch: fetch as typeof globalThis.fetch }), // Auth.js' contract
  }
}

type ConformHook = (response: Response) => Promise<Response | undefined>
