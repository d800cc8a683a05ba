import type { RequestSource, ResponseSink } from '@latchkey/core'
import { createCallerSink } from './caller.ts'
import { createFetchSink } from './fetch.ts'
import { readLambdaHeader, toLambdaSource } from './lambda.ts'
import { NodeSink } from './node.ts'
import type {
  AuthContextSource,
  CallerContextOptions,
  CallInfo,
  FetchContextOptions,
  HeadersReader,
  NodeRequest,
  RequestContextSource,
} from './request.ts'

/** What the app adds to what its adapter says. */
export interface SourceOptions {
  /** Whether a streamed response's headers have to be taken for sent. */
  readonly isCommitted: () => boolean
  readonly address: string | undefined
}

/** A request as the engine sees it: with `SocketSource` the only place that knows what each adapter hands over. */
export function toRequestSource(from: RequestContextSource, options: SourceOptions): RequestSource {
  if ('event' in from)
    return withStreamTicket(
      { req: from.event, info: from.info },
      toLambdaSource(from, options.isCommitted, options.address),
    )
  if ('resHeaders' in from) return withStreamTicket(from, toFetchSource(from, options))
  if (!('res' in from)) return toCallerSource(from, options)
  const req = 'raw' in from.req ? from.req.raw : from.req
  const res = 'raw' in from.res ? from.res.raw : from.res
  return withStreamTicket(from, new NodeSource(req, new NodeSink(res, options.isCommitted), options.address))
}

interface WithInfo {
  readonly req: object
  readonly info?: CallInfo | undefined
}

/**
 * A stream's URL may carry a ticket, and nothing else that authenticates (RFC 9700 section 4.3.2). No other call's may: a
 * page that makes a browser post somewhere writes the URL too, and the origin of a request with a ticket isn't checked.
 *
 * The engine remembers which session a ticket's stream has, by the request that opened it.
 */
function withStreamTicket({ req, info }: WithInfo, source: RequestSource): RequestSource {
  const ticket = info?.type === 'subscription' ? info.connectionParams?.ticket : undefined
  if (ticket === undefined) return source
  const { method, address, url, response } = source
  return { method, header: (name) => source.header(name), address, url, response, ticket, connection: req }
}

function toFetchSource(
  { req, resHeaders }: FetchContextOptions,
  { isCommitted, address }: SourceOptions,
): RequestSource {
  return new FetchSource(req, createFetchSink(resHeaders, isCommitted), address)
}

/** (A class, so that no function is made for each request.) */
class FetchSource implements RequestSource {
  readonly method: string
  readonly address: string | undefined
  readonly response: ResponseSink
  readonly #request: FetchContextOptions['req']

  constructor(request: FetchContextOptions['req'], response: ResponseSink, address: string | undefined) {
    this.method = request.method
    this.address = address
    this.response = response
    this.#request = request
  }

  header(name: string): string | null {
    return this.#request.headers.get(name)
  }

  /** Read only when asked for: `Request.url` serialises the whole URL. */
  get url(): string | undefined {
    return this.#request.url
  }
}

function toCallerSource(from: CallerContextOptions, { address }: SourceOptions): RequestSource {
  const { headers, method } = from
  const header = isReader(headers) ? (name: string) => headers.get(name) : (name: string) => readHeader(headers, name)
  return { method, header, address, response: createCallerSink(from) }
}

/** A request of Node's. (A class: see {@link FetchSource}.) */
class NodeSource implements RequestSource {
  readonly method: string | undefined
  readonly response: ResponseSink
  readonly #request: NodeRequest
  readonly #address: string | undefined

  constructor(request: NodeRequest, response: ResponseSink, address: string | undefined) {
    this.method = request.method
    this.response = response
    this.#request = request
    this.#address = address
  }

  header(name: string): string | undefined {
    return readHeader(this.#request.headers, name)
  }

  /** Read only when asked for, as by a sign-in. */
  get address(): string | undefined {
    return this.#address ?? this.#request.socket?.remoteAddress
  }
}

/** One header of the request, without making anything of the others. */
export function readRequestHeader(from: AuthContextSource, name: string): string | null | undefined {
  if ('event' in from) return readLambdaHeader(from.event, name)
  const { headers } = 'headers' in from ? from : 'raw' in from.req ? from.req.raw : from.req
  return isReader(headers) ? headers.get(name) : readHeader(headers, name)
}

function isReader(headers: CallerContextOptions['headers']): headers is HeadersReader {
  return typeof headers.get === 'function'
}

export function readHeader(headers: NodeRequest['headers'], name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'object' ? value.join(', ') : value
}
