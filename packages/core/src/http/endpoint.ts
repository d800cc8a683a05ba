import type { Endpoint } from '../contract/endpoint.ts'
import type { RequestSource } from '../contract/request-source.ts'
import type { OfPlugin } from '../contract/installed.ts'
import type { MountedOperation } from '../contract/operation.ts'
import { configurationError } from '../errors.ts'
import { OperationCall } from '../request/call.ts'
import { checkBaseUrl } from '../request/check-base-url.ts'
import type { RequestEngine } from '../request/engine.ts'
import { OpenRequest } from '../request/open-request.ts'
import { readFlow } from '../sign-in/flow.ts'
import type { FetchSink } from './sink.ts'

/** @throws AuthError `Configuration` if an endpoint has the address of an operation */
export function checkEndpoints({ plugins }: RequestEngine, addresses: ReadonlyMap<string, MountedOperation>): void {
  for (const address of plugins.endpoints.keys()) {
    if (addresses.has(address))
      throw configurationError(
        'plugins',
        `an operation and an endpoint have the address ${address}: give one another path`,
      )
  }
}

/** Runs an endpoint, and puts the cookies that it has set into its response. A browser opens it, so a sign-in there ends in a cookie. */
export async function runEndpoint(
  engine: RequestEngine,
  source: RequestSource,
  { plugin, part }: OfPlugin<Endpoint>,
  request: Request,
  sink: FetchSink,
): Promise<Response> {
  sink.noStore()
  checkBaseUrl(engine, source)
  const flow = readFlow(engine.settings, { flow: 'cookie' }, null)
  const opened = new OpenRequest(engine, source)
  const call = new OperationCall({
    request: opened,
    plugin,
    current: null,
    lookUp: null,
    flow,
    signal: request.signal,
  })
  const { status, statusText, body, headers: given } = await part.run(call, request)
  // A redirect's headers can't be changed.
  const headers = new Headers(given)
  sink.applyTo(headers)
  return new Response(body, { status, statusText, headers })
}
