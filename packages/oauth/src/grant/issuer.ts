import { fromBase64Url } from '../base64url.ts'
import type { ProviderProfile } from '../provider.ts'
import type { Metadata } from '../server/discovery.ts'
import type { Server } from '../server/server.ts'

/**
 * The metadata with the issuer that this response's id_token must name: for a provider with an issuer per tenant, the tenant's own.
 *
 * @throws Error if `iss` of the callback is another one (RFC 9207)
 */
export async function resolveIssuer(
  { provider }: Server,
  metadata: Metadata,
  response: Response,
  params: URLSearchParams,
): Promise<Metadata> {
  if (provider.type !== 'oidc' || !provider.expectedIssuer || !response.ok) return metadata
  const issuer = provider.expectedIssuer(await peekClaims(response))
  const named = params.get('iss')
  if (named !== null && named !== issuer) throw new Error('the callback and the id_token come from different issuers')
  return { ...metadata, issuer }
}

/** The claims before they are checked. Use them only to find out which checks they need. */
async function peekClaims(response: Response): Promise<ProviderProfile> {
  const { id_token: token } = (await response.clone().json()) as { readonly id_token?: unknown } // checked below
  const payload = typeof token === 'string' ? token.split('.')[1] : undefined
  if (payload === undefined) throw new Error('there is no id_token')
  return JSON.parse(new TextDecoder().decode(fromBase64Url(payload))) as ProviderProfile // whatever it is: the checks come after
}
