import type { AuthQuestions } from '../contract/questions.ts'
import type { RequestSource } from '../contract/request-source.ts'
import type { MountedOperation } from '../contract/operation.ts'
import type { Engine } from '../config/engine.ts'
import type { RequestEngine } from '../request/engine.ts'
import { AuthError } from '../errors.ts'
import { readAddresses, withParameter } from './addresses.ts'
import { checkEndpoints, runEndpoint } from './endpoint.ts'
import { readHttpInput } from './input.ts'
import { errorResponse, jsonResponse } from './respond.ts'
import { FetchSource } from './fetch-source.ts'
import { createFetchSink, type FetchSink } from './sink.ts'

/** Opens a request: what can perform an operation for it. */
type Open = (source: RequestSource) => Pick<AuthQuestions, 'perform'>

/**
 * Makes the Fetch handler: the operations under `basePath`, for clients that don't speak tRPC, and the plug-ins' endpoints. It never throws:
 * what goes wrong is a response with `{ error: { kind, code, message } }`.
 *
 * @throws AuthError `Configuration` if two operations, or an operation and an endpoint, have one address
 */
export function createHandler(
  engine: RequestEngine,
  operations: readonly MountedOperation[],
  open: Open,
): (request: Request, info?: { readonly address?: string | undefined }) => Promise<Response> {
  const addresses = readAddresses(operations)
  checkEndpoints(engine, addresses)
  return async (request, info) => {
    const sink = createFetchSink()
    try {
      const path = readPath(engine.settings.basePath, request)
      const source = new FetchSource(request, sink, { address: info?.address, checkBody: JSON.stringify })
      const endpoint = engine.plugins.endpoints.get(`${request.method} ${path}`)
      if (endpoint) return await runEndpoint(engine, source, endpoint, request, sink)
      const { operation, parameter } = findOperation(addresses, path, request)
      const readInput = async () => ({ ...(await readHttpInput(request, operation)), ...parameter })
      const body = await open(source).perform(operation, { readInput, signal: request.signal })
      return answer(engine, body, sink)
    } catch (error) {
      return errorResponse(engine, error, sink)
    }
  }
}

/** What JSON can't carry (the session callback may return a BigInt) is a failure, and no cookie goes out with one. */
function answer(engine: Engine, body: unknown, sink: FetchSink): Response {
  try {
    return jsonResponse(200, body, sink)
  } catch (error) {
    return errorResponse(engine, error, createFetchSink())
  }
}

interface AddressedOperation {
  readonly operation: MountedOperation
  /** The field of the input that is in the address. */
  readonly parameter: Readonly<Record<string, string>>
}

/** The address under `basePath`; outside of it, none. */
function readPath(basePath: string, { url }: Request): string {
  const { pathname } = new URL(url)
  return pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length + 1) : ''
}

function findOperation(
  addresses: ReadonlyMap<string, MountedOperation>,
  path: string,
  { method: sent }: Request,
): AddressedOperation {
  const method = sent === 'HEAD' ? 'GET' : sent
  const operation = addresses.get(`${method} ${path}`)
  if (operation) return { operation, parameter: {} }
  const parent = addresses.get(`${method} ${withParameter(path)}`)
  const name = parent?.http?.parameter
  if (!parent || !name) throw new AuthError('NotFound')
  return { operation: parent, parameter: { [name]: path.slice(path.lastIndexOf('/') + 1) } }
}
