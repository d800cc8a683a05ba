/**
 * The bridge from `node:http` (and Express and Fastify, which stand on it) to a Fetch handler: `@latchkey/core/node`.
 */

/** What is needed of `http.IncomingMessage`. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Express: the URL before a router took its prefix off. */
  readonly originalUrl?: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly socket: { readonly remoteAddress?: string | undefined }
  /** What a body parser before us made of the body, which is then gone from the stream. */
  readonly body?: unknown
}

/** What is needed of `http.ServerResponse`. */
export interface NodeResponse {
  statusCode: number
  readonly setHeader: (name: string, value: string | readonly string[]) => unknown
  readonly end: (body?: string) => unknown
}

export type FetchHandler = (request: Request, info?: { readonly address?: string | undefined }) => Promise<Response>

/**
 * Serves a Fetch handler from `node:http`.
 *
 * @example
 * http.createServer(toNodeHandler(auth.handler))
 * app.use('/auth', toNodeHandler(auth.handler)) // Express
 */
export function toNodeHandler(handler: FetchHandler): (req: NodeRequest, res: NodeResponse) => Promise<void> {
  return async (req, res) => {
    const body = await readBody(req)
    const request = toRequest(req, body)
    const response = request
      ? await handler(request, { address: req.socket.remoteAddress })
      : new Response(null, { status: 400 })
    await writeResponse(res, response)
  }
}

/** A little more than the handler takes: it refuses by itself what is longer. */
const MAX_BODY = 65_537

async function readBody(req: NodeRequest): Promise<Uint8Array<ArrayBuffer> | null> {
  if (req.method === 'GET' || req.method === 'HEAD') return null
  if (req.body !== undefined)
    return new TextEncoder().encode(typeof req.body === 'string' ? req.body : JSON.stringify(req.body))
  const body = new Uint8Array(MAX_BODY)
  let length = 0
  for await (const chunk of req) {
    const part = chunk.subarray(0, MAX_BODY - length)
    body.set(part, length)
    length += part.length
    if (length === MAX_BODY) break
  }
  return length === 0 ? null : body.subarray(0, length)
}

/** Null for what no URL or header can hold. The host is of no interest: the engine never asks it. */
function toRequest(req: NodeRequest, body: Uint8Array<ArrayBuffer> | null): Request | null {
  try {
    const url = new URL(`http://localhost${req.originalUrl ?? req.url ?? '/'}`)
    return new Request(url, { method: req.method ?? 'GET', headers: toHeaders(req), body })
  } catch {
    return null
  }
}

function toHeaders({ headers }: NodeRequest): Headers {
  const result = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !name.startsWith(':'))
      result.set(name, typeof value === 'string' ? value : value.join(', '))
  }
  return result
}

async function writeResponse(res: NodeResponse, response: Response): Promise<void> {
  res.statusCode = response.status
  for (const [name, value] of response.headers) if (name !== 'set-cookie') res.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) res.setHeader('set-cookie', cookies)
  res.end(await response.text())
}
