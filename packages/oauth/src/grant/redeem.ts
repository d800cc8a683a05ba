import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  AuthorizationResponseError,
  customFetch,
  expectNoNonce,
  getValidatedIdTokenClaims,
  nopkce,
  processAuthorizationCodeResponse,
  type TokenEndpointResponse,
  validateAuthResponse,
} from 'oauth4webapi'
import { toRedirectUri } from '../addresses.ts'
import type { ProviderProfile, ProviderTokens } from '../provider.ts'
import type { Metadata } from '../server/discovery.ts'
import { toSafeCause } from '../server/safe-cause.ts'
import type { Server } from '../server/server.ts'
import type { Shared } from '../shared.ts'
import { resolveIssuer } from './issuer.ts'
import { verifyMac } from './mac.ts'
import { verifySignature } from './signature.ts'

/** What a flow was begun with, and its end is compared with. */
export interface FlowSecrets {
  readonly state: string
  /** OpenID Connect only. */
  readonly nonce: string | null
  /** Null: the provider refuses PKCE. */
  readonly verifier: string | null
}

/** What the provider has returned for a code. */
export interface Redeemed {
  readonly tokens: ProviderTokens
  /** The id_token's claims, checked; null: the provider has none. */
  readonly claims: ProviderProfile | null
}

/**
 * Checks the parameters of a callback, and redeems its code. What isn't right is refused, whichever part of it.
 *
 * @throws AuthError `AccessDenied` if the person or the provider said no; Error of oauth4webapi, of fetch or of this package
 */
export async function redeem(
  shared: Shared,
  server: Server,
  flow: FlowSecrets,
  params: URLSearchParams,
): Promise<Redeemed> {
  const metadata = await server.metadata()
  const callback = checkCallback(shared, server, metadata, flow, params)
  const client = server.client()
  const sent = await authorizationCodeGrantRequest(
    metadata,
    client,
    await server.authenticate(),
    callback,
    toRedirectUri(shared, server.provider.id),
    flow.verifier ?? nopkce,
    {
      // The fetch itself admits http only on this machine, for a provider that is configured there.
      [allowInsecureRequests]: true,
      [customFetch]: (url, { method, headers, body }) => server.fetch(url, { method, headers, body }),
      additionalParameters: { ...server.provider.tokenParams },
    },
  )
  const response = await readTokenResponse(server, sent)
  const issued = await resolveIssuer(server, metadata, response, params)
  const tokens = await processAuthorizationCodeResponse(
    issued,
    client,
    response,
    server.provider.type === 'oidc' ? { expectedNonce: flow.nonce ?? expectNoNonce, requireIdToken: true } : {},
  )
  // That the token's algorithm is this one was checked before.
  if (usesMac(server)) await verifyMac(server, tokens.id_token)
  else if (server.provider.type === 'oidc') await verifySignature(server, issued, response)
  return { tokens: withEnd(tokens, shared.engine.clock()), claims: readClaims(server, tokens, shared.engine.clock()) }
}

function usesMac({ provider }: Server): boolean {
  return provider.type === 'oidc' && provider.idTokenAlg === 'HS256'
}

/** `state` was compared when the flow was found; here come `iss` (RFC 9207) and `error`. */
function checkCallback(
  { engine }: Shared,
  server: Server,
  metadata: Metadata,
  flow: FlowSecrets,
  params: URLSearchParams,
): URLSearchParams {
  const given = new URLSearchParams(params)
  const { provider } = server
  // Without one issuer to compare with: a provider with an issuer per tenant is compared with its id_token later, and where none is known the
  // callback's own address, which only this provider has, says whose response it is.
  if (provider.type === 'oidc' ? provider.expectedIssuer : provider.issuer === undefined) given.delete('iss')
  try {
    return validateAuthResponse(metadata, server.client(), given, flow.state)
  } catch (cause) {
    if (cause instanceof AuthorizationResponseError && cause.error === 'access_denied')
      throw engine.error('AccessDenied', { cause: toSafeCause(cause) })
    throw cause
  }
}

/** The token endpoint's response as RFC 6749 has it. */
export async function readTokenResponse(
  { provider: { quirks } }: Server,
  response: Response,
  ignoresIdToken: boolean = quirks?.ignoreIdToken ?? false,
): Promise<Response> {
  const read = quirks?.readTokenResponse ? await quirks.readTokenResponse(response) : response
  return ignoresIdToken ? withoutIdToken(read) : read
}

async function withoutIdToken(response: Response): Promise<Response> {
  if (!response.ok) return response
  const { id_token: _ignored, ...rest } = (await response.json()) as Record<string, unknown> // what isn't an object fails later
  return Response.json(rest, { status: response.status })
}

/** Seconds by which a provider's clock may be ahead. */
const TOLERANCE = 60

function readClaims({ provider }: Server, tokens: TokenEndpointResponse, now: Date): ProviderProfile | null {
  if (provider.type !== 'oidc') return null
  const claims = getValidatedIdTokenClaims(tokens)
  if (!claims || claims.sub === '') throw new Error('the id_token names nobody')
  if (claims.iat > now.getTime() / 1_000 + TOLERANCE) throw new Error('the id_token was issued in the future')
  return claims
}

/** The tokens with the time at which the access token ends. */
export function withEnd(tokens: TokenEndpointResponse, now: Date): ProviderTokens {
  const { expires_in: life } = tokens
  return { ...tokens, ...(life !== undefined && { expires_at: Math.floor(now.getTime() / 1_000 + life) }) }
}
