import { type EndpointCall, isAuthError } from '@latchkey/core'
import { redirectTo, toUrl } from '../addresses.ts'
import type { Arrival } from '../person/verified.ts'
import { toSafeCause } from '../server/safe-cause.ts'
import type { Server } from '../server/server.ts'
import type { Shared } from '../shared.ts'
import { showPerson } from '../person/person.ts'
import { dropFlow, openFlow, readFlowId } from './cookies.ts'
import { endFlow } from './end.ts'
import type { Flow } from './flow.ts'
import { FLOW_LIFE } from './flow.ts'
import { forward } from './forward.ts'
import { readForm, readParams, sealParams } from './params.ts'
import { redeem } from '../grant/redeem.ts'

/** The provider sends the browser back. */
export async function handleCallback(
  shared: Shared,
  server: Server,
  call: EndpointCall,
  request: Request,
): Promise<Response> {
  const { id } = server.provider
  let flow: Flow
  let params: URLSearchParams
  try {
    params = await readParams(shared, id, request.url)
    const elsewhere = await forward(shared, id, params)
    if (elsewhere) return elsewhere
    flow = await takeFlow(shared, server, call, params)
  } catch (error) {
    return call.redirect('/', () => Promise.reject(error))
  }
  return endFlow(shared, call, flow, () => arrive(shared, server, flow, params))
}

/**
 * The provider sends the browser back by a form. The POST comes from the provider's page, so that the browser leaves out the cookies of this
 * site: it is sent to the same address by GET, with the form sealed, and has its cookies again.
 */
export async function handleForm(
  shared: Shared,
  server: Server,
  call: EndpointCall,
  request: Request,
): Promise<Response> {
  const { id } = server.provider
  try {
    const target = toUrl(shared, `callback/${id}`)
    target.searchParams.set('sealed', await sealParams(shared, id, await readForm(shared, request)))
    return redirectTo(target)
  } catch (error) {
    return call.redirect('/', () => Promise.reject(error))
  }
}

/**
 * The flow of this browser that the callback ends: begun here, with this provider, and not ended before.
 *
 * @throws AuthError `OAuthCallbackError`
 */
async function takeFlow(shared: Shared, server: Server, call: EndpointCall, params: URLSearchParams): Promise<Flow> {
  const { engine } = shared
  const refuse = (detail: string) => engine.error('OAuthCallbackError', { detail })
  const [state = '', ...more] = params.getAll('state')
  const id = readFlowId(state)
  if (id === null || more.length > 0) throw refuse('it has no state of ours')
  const flow = await openFlow(shared, call, id)
  if (!flow) throw refuse('this browser began no such flow, or too long ago')
  if (flow.state !== state) throw refuse('its state is wrong')
  // The flow goes on: it is another provider's response that doesn't count.
  if (flow.provider !== server.provider.id) throw refuse(`its flow was begun with "${flow.provider}"`)
  dropFlow(call, id)
  if (!(await isFirst(shared, state))) throw refuse('it came back before')
  return flow
}

/** Of several callbacks with one state exactly one goes on, and a cookie that was copied is worth nothing. */
async function isFirst({ engine, tables, seen }: Shared, state: string): Promise<boolean> {
  const digest = await engine.hash(state)
  const expires = new Date(engine.clock().getTime() + FLOW_LIFE * 1_000)
  return tables ? tables.flows.insert({ digest, expires }) : seen.add(digest, expires)
}

/** @throws AuthError `AccessDenied`, `OAuthCallbackError` */
async function arrive(shared: Shared, server: Server, flow: Flow, params: URLSearchParams): Promise<Arrival> {
  const { engine } = shared
  try {
    const redeemed = await redeem(shared, server, flow, params)
    const shown = await showPerson(server, redeemed, readRest(params), engine.clock())
    return { shown, tokens: redeemed.tokens }
  } catch (thrown) {
    if (isAuthError(thrown)) throw thrown
    const cause = toSafeCause(thrown)
    engine.logger.warn(`the callback of "${server.provider.id}" was refused`, cause)
    throw engine.error('OAuthCallbackError', { cause })
  }
}

const OF_PROTOCOL = new Set('code state iss error error_description error_uri session_state scope id_token'.split(' '))

function readRest(params: URLSearchParams): Readonly<Record<string, string>> {
  return Object.fromEntries([...params].filter(([name]) => !OF_PROTOCOL.has(name)))
}
