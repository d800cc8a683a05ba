import { type Call, createRandomText } from '@latchkey/core'
import { toRedirectUri } from '../addresses.ts'
import type { OAuthProvider } from '../provider.ts'
import type { Metadata } from '../server/discovery.ts'
import type { Server } from '../server/server.ts'
import type { Shared } from '../shared.ts'
import { toChallenge } from './challenge.ts'
import { createFlowId, keepFlow } from './cookies.ts'
import type { Flow, Goal } from './flow.ts'
import { markOrigin } from './forward.ts'

/**
 * Begins a flow in this browser: keeps what it must know in a cookie, and returns where at the provider the browser goes.
 *
 * @throws AuthError `OAuthUnavailable` if the provider's discovery document can't be had
 */
export async function beginFlow(shared: Shared, server: Server, call: Call, goal: Goal): Promise<string> {
  const { provider } = server
  const metadata = await requireMetadata(shared, server)
  const id = createFlowId(call.now())
  const flow: Flow = {
    provider: provider.id,
    state: `${id}.${createRandomText()}${await markOrigin(shared)}`,
    nonce: provider.type === 'oidc' && !provider.quirks?.noNonce ? createRandomText() : null,
    verifier: provider.quirks?.noPkce ? null : createRandomText(),
    goal,
  }
  const url = await toAuthorizationUrl(shared, provider, metadata, flow)
  await keepFlow(shared, call, id, flow)
  return url
}

async function requireMetadata({ engine }: Shared, { provider, metadata }: Server): Promise<Metadata> {
  try {
    return await metadata()
  } catch (cause) {
    throw engine.error('OAuthUnavailable', { cause, detail: `the discovery of "${provider.id}" failed` })
  }
}

async function toAuthorizationUrl(
  shared: Shared,
  { id, type, clientId, scope, responseMode, authorizationParams }: OAuthProvider,
  { authorization_endpoint: endpoint }: Metadata,
  { state, nonce, verifier }: Flow,
): Promise<string> {
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint))
    throw shared.engine.error('OAuthUnavailable', { detail: `"${id}" has no authorization endpoint` })
  const url = new URL(endpoint)
  const asked = scope ?? (type === 'oidc' ? 'openid profile email' : undefined)
  const params = {
    ...authorizationParams,
    response_type: 'code',
    client_id: clientId,
    redirect_uri: toRedirectUri(shared, id),
    ...(asked !== undefined && asked !== '' && { scope: asked }),
    ...(responseMode === 'form_post' && { response_mode: responseMode }),
    state,
    ...(nonce !== null && { nonce }),
    ...(verifier !== null && { code_challenge: await toChallenge(verifier), code_challenge_method: 'S256' }),
  }
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value)
  return url.href
}
