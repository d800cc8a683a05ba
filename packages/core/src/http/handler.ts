import type { AuthContext, RequestSource } from '../contract/context.ts'
import type { Engine } from '../config/engine.ts'
import { AuthError } from '../errors.ts'
import { readJsonBody } from './body.ts'
import { errorResponse, jsonResponse } from './respond.ts'
import { FetchSource } from './fetch-source.ts'
import { createFetchSink, type FetchSink } from './sink.ts'

/** One endpoint: what it does with the request's context and answers as JSON. */
type Endpoint = (auth: AuthContext, request: Request, parameter: string) => Promise<unknown>

/** The JSON endpoints under `basePath`: the same engine functions as the router's, for whoever doesn't speak tRPC. */
const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['GET session', (auth) => auth.clientSession()],
  ['POST session', async (auth, request) => auth.update(await readOwnBody(auth, request))],
  ['GET providers', async (auth) => auth.providers()],
  [
    'POST signin/*',
    // The engine checks the input by the provider's schema, whatever a client sent.
    async (auth, request, provider) =>
      auth.signIn({ ...readFlowQuery(request), ...(await readOwnBody(auth, request)), provider }),
  ],
  ['POST signout', async (auth, request) => auth.signOut(await readOwnBody(auth, request))],
  // Its origin matters only where the body brings no token.
  ['POST token', async (auth, request) => auth.refresh(await readJsonBody(request))],
])

/** Makes the Fetch handler. It never throws: what goes wrong is an answer with `{ error: { kind, code, message } }`. */
export function createHandler(
  engine: Engine,
  createContext: (source: RequestSource) => AuthContext,
): (request: Request, info?: { readonly address?: string | undefined }) => Promise<Response> {
  return async (request, info) => {
    const sink = createFetchSink()
    try {
      const { endpoint, parameter } = findEndpoint(engine.settings.basePath, request)
      const source = new FetchSource(request, sink, { address: info?.address, checkBody: JSON.stringify })
      return answer(engine, await endpoint(createContext(source), request, parameter), sink)
    } catch (error) {
      return errorResponse(engine, error, sink)
    }
  }
}

/** What JSON can't carry (the session callback may answer a BigInt) is a failure, and no cookie goes out with one. */
function answer(engine: Engine, body: unknown, sink: FetchSink): Response {
  try {
    return jsonResponse(200, body, sink)
  } catch (error) {
    return errorResponse(engine, error, createFetchSink())
  }
}

function findEndpoint(basePath: string, request: Request): { readonly endpoint: Endpoint; readonly parameter: string } {
  const { pathname } = new URL(request.url)
  if (!pathname.startsWith(`${basePath}/`)) throw new AuthError('NotFound')
  const [action = '', parameter, ...rest] = pathname.slice(basePath.length + 1).split('/')
  const name = parameter === undefined ? action : `${action}/*`
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const endpoint = rest.length === 0 ? ENDPOINTS.get(`${method} ${name}`) : undefined
  if (!endpoint) throw new AuthError('NotFound')
  return { endpoint, parameter: parameter ?? '' }
}

/** Nothing of a foreign page's request is parsed. */
function readOwnBody(auth: AuthContext, request: Request): Promise<Readonly<Record<string, unknown>>> {
  auth.checkOrigin()
  return readJsonBody(request)
}

/** `?flow=token` asks for tokens as `flow` in the body does. */
function readFlowQuery(request: Request): { readonly flow?: string } {
  const flow = new URL(request.url).searchParams.get('flow')
  return flow === null ? {} : { flow }
}
