import { AuthError } from '../errors.ts'

/**
 * Connects `node:http` (and Express and Fastify, which are built on it) to a Fetch handler: `@latchkey/core/node`.
 */

/** The part of `http.IncomingMessage` that is used. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Express: the URL before a router took its prefix off. */
  readonly originalUrl?: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly socket: { readonly remoteAddress?: string | undefined }
  /** The body as a body parser has read it, which is then gone from the stream. */
  readonly body?: unknown
  /** Whether the stream was read to its end. */
  readonly readableEnded?: boolean
}

/** The part of Fastify's request that is used. Fastify reads the body before its handlers run. */
export type FastifyRequest = Omit<NodeRequest, typeof Symbol.asyncIterator> & { readonly raw: object }

/** The part of `http.ServerResponse` that is used. */
export interface NodeResponse {
  statusCode: number
  readonly setHeader: (name: string, value: string | readonly string[]) => unknown
  readonly end: (body?: Uint8Array) => unknown
}

/** The part of Fastify's reply that is used. */
export interface FastifyReply {
  readonly raw: object
  readonly code: (status: number) => unknown
  readonly header: (name: string, value: string | readonly string[]) => unknown
  readonly send: (body: string | Uint8Array) => unknown
}

export type FetchHandler = (request: Request, info?: { readonly address?: string | undefined }) => Promise<Response>

/**
 * Serves a Fetch handler from `node:http`.
 *
 * @example
 * http.createServer(toNodeHandler(auth.handler))
 * app.use('/auth', toNodeHandler(auth.handler)) // Express
 * fastify.all('/auth/*', toNodeHandler(auth.handler)) // Fastify: its own request and reply, not their `raw`
 */
export function toNodeHandler(
  handler: FetchHandler,
): (req: NodeRequest | FastifyRequest, res: NodeResponse | FastifyReply) => Promise<void> {
  return async (req, res) => {
    // Read before anything is awaited: once its client has gone, a request has no socket.
    const address = req.socket.remoteAddress
    const response = 'raw' in res ? toNodeResponse(res) : res
    try {
      const body = await readBody(req)
      if (body === GONE) {
        response.end()
        return
      }
      const request = toRequest(req, body)
      await writeResponse(response, request ? await handler(request, { address }) : new Response(null, { status: 400 }))
    } catch (error) {
      // A request listener isn't awaited: a rejection would end the process.
      console.error('toNodeHandler: the handler failed', error)
      response.statusCode = 500
      response.end()
    }
  }
}

/** Through Fastify's reply, so that what the app's hooks have set goes out too. */
function toNodeResponse(reply: FastifyReply): NodeResponse {
  return {
    set statusCode(status: number) {
      reply.code(status)
    },
    setHeader: (name, value) => reply.header(name, value),
    end: (body) => reply.send(body ?? ''),
  }
}

/** The client hung up in the middle of the body. */
const GONE = 'gone'

/** A little more than the handler takes: it refuses by itself what is longer. */
const MAX_BODY = 65_537

async function readBody(req: NodeRequest | FastifyRequest): Promise<Uint8Array<ArrayBuffer> | typeof GONE | null> {
  if (req.method === 'GET' || req.method === 'HEAD') return null
  if ('raw' in req) return req.body === undefined || req.body === null ? null : encodeParsed(req, req.body)
  if (req.body !== undefined) return encodeParsed(req, req.body)
  const hasBody = (req.headers['content-length'] ?? '0') !== '0' || req.headers['transfer-encoding'] !== undefined
  if (hasBody && req.readableEnded) {
    throw new Error("the request's body has been read already: under Fastify pass Fastify's own request and reply")
  }
  return readStream(req).catch((): typeof GONE => GONE)
}

async function readStream(req: NodeRequest): Promise<Uint8Array<ArrayBuffer> | null> {
  const body = new Uint8Array(MAX_BODY)
  let length = 0
  // Read to its end, though what is too much is dropped: to stop reading closes the socket, and then no response can be sent.
  for await (const chunk of req) {
    const part = chunk.subarray(0, MAX_BODY - length)
    body.set(part, length)
    length += part.length
  }
  return length === 0 ? null : body.subarray(0, length)
}

function encodeParsed({ headers }: Pick<NodeRequest, 'headers'>, body: unknown): Uint8Array<ArrayBuffer> | null {
  if (body instanceof Uint8Array) return new Uint8Array(body)
  // Express 4 makes an empty object of no body at all.
  if (typeof body === 'object' && body !== null && !Array.isArray(body) && Object.keys(body).length === 0) return null
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(String(headers['content-type']))
  const write = isForm ? writeForm : JSON.stringify
  return new TextEncoder().encode(typeof body === 'string' ? body : write(body))
}

/** The fields of a form, as it was sent: an endpoint reads it by its content type. */
function writeForm(fields: unknown): string {
  const pairs = Object.entries(Object(fields)).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, String(one)]),
  )
  return new URLSearchParams(pairs).toString()
}

/** Null for what no URL or header can hold. The host is of no interest: the engine never asks it. */
function toRequest(req: NodeRequest | FastifyRequest, body: Uint8Array<ArrayBuffer> | null): Request | null {
  try {
    const url = new URL(`http://localhost${req.originalUrl ?? req.url ?? '/'}`)
    const isCut = body?.length === MAX_BODY && req.body === undefined
    const init = { method: req.method ?? 'GET', headers: toHeaders(req), body: isCut ? breakOff(body) : body }
    return new Request(url, { ...init, ...(isCut && { duplex: 'half' }) })
  } catch {
    return null
  }
}

/** A part of a body must not look like a whole one to an endpoint that reads it. */
function breakOff(part: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let isSent = false
  return new ReadableStream({
    pull: (controller) => {
      if (isSent) return controller.error(new AuthError('InvalidInput'))
      isSent = true
      controller.enqueue(part)
    },
  })
}

function toHeaders({ headers }: Pick<NodeRequest, 'headers'>): Headers {
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
  const body = await response.arrayBuffer()
  // A Buffer: an object of any other kind Fastify 4 would write as JSON.
  res.end(body.byteLength > 0 ? Buffer.from(body) : undefined)
}
