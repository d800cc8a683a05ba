import type { RequestSource, ResponseSink } from '@latchkey/core'
import { createCallerSink, NOWHERE } from './caller.ts'
import { createFetchSink } from './fetch.ts'
import { readLambdaHeader, toLambdaSource } from './lambda.ts'
import { createNodeSink } from './node.ts'
import { isBehind, socketDrained } from './socket-drained.ts'
import {
  type AuthContextSource,
  type CallerContextOptions,
  type CallInfo,
  type FetchContextOptions,
  type HeadersReader,
  isSocket,
  type NodeRequest,
  type SocketContextOptions,
} from './request.ts'

/** What the app adds to what its adapter says. */
export interface SourceOptions {
  /** Whether a streamed response's headers have to be taken for sent. */
  readonly isCommitted: () => boolean
  readonly address: string | undefined
  /** What a socket's client has presented since its first message: another access token, or null for none any more. */
  readonly presented?: string | null | undefined
  /** Takes what it presents. */
  readonly present?: RequestSource['present']
}

/** The request as the engine sees it: the only place that knows what each adapter hands over. */
export function toRequestSource(from: AuthContextSource, options: SourceOptions): RequestSource {
  if ('event' in from)
    return withStreamTicket(
      { req: from.event, info: from.info },
      toLambdaSource(from, options.isCommitted, options.address),
    )
  if ('resHeaders' in from) return withStreamTicket(from, toFetchSource(from, options))
  if (!('res' in from)) return toCallerSource(from, options)
  // A handshake is a GET that carries cookies from any site, and opens a way to write: no method that an origin check lets pass.
  if (isSocket(from)) return toSocketSource(from, options)
  const req = 'raw' in from.req ? from.req.raw : from.req
  const res = 'raw' in from.res ? from.res.raw : from.res
  return withStreamTicket(from, toNodeSource(req, req.method, createNodeSink(res, options.isCommitted), options))
}

/** A socket's credentials: its ticket or access token came in its first message, which is no URL; else the handshake's cookies. */
function toSocketSource(from: SocketContextOptions, options: SourceOptions): RequestSource {
  const handshake = toNodeSource(from.req, 'CONNECT', NOWHERE, options)
  const { presented } = options
  const { connectionParams, signal } = from.info ?? {}
  const ticket = presented === undefined ? connectionParams?.ticket : undefined
  const source: RequestSource = {
    ...onConnection(handshake, { ticket, connection: from.req, closed: signal }),
    drained: () => (isBehind(from.res) ? socketDrained(from.res) : undefined),
    present: options.present,
  }
  const accessToken = presented === undefined ? connectionParams?.accessToken : presented
  if (accessToken === undefined || accessToken === null) return source
  return { ...source, header: (name) => (name === 'authorization' ? `Bearer ${accessToken}` : source.header(name)) }
}

interface WithInfo {
  readonly req: object
  readonly info?: CallInfo | undefined
}

/**
 * A stream's URL may carry a ticket, and nothing else that authenticates (RFC 9700 section 4.3.2). No other call's may: a
 * page that makes a browser post somewhere writes the URL too, and the origin of a request with a ticket isn't checked.
 */
function withStreamTicket({ req, info }: WithInfo, source: RequestSource): RequestSource {
  const ticket = info?.type === 'subscription' ? info.connectionParams?.ticket : undefined
  return ticket === undefined ? source : onConnection(source, { ticket, connection: req })
}

/** Over what outlives one operation the engine remembers which session it has, by the request that opened it. */
function onConnection(
  { method, header, address, url, response }: RequestSource,
  connection: Pick<RequestSource, 'ticket' | 'connection' | 'closed'>,
): RequestSource {
  return { method, header, address, url, response, ...connection }
}

function toFetchSource(
  { req, resHeaders }: FetchContextOptions,
  { isCommitted, address }: SourceOptions,
): RequestSource {
  return new FetchSource(req, createFetchSink(resHeaders, isCommitted), address)
}

/** (A class, for the one getter: see {@link NodeSource}.) */
class FetchSource implements RequestSource {
  readonly method: string
  readonly header: RequestSource['header']
  readonly address: string | undefined
  readonly response: ResponseSink
  readonly #request: FetchContextOptions['req']

  constructor(request: FetchContextOptions['req'], response: ResponseSink, address: string | undefined) {
    this.method = request.method
    this.header = (name) => request.headers.get(name)
    this.address = address
    this.response = response
    this.#request = request
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

function toNodeSource(
  { headers, socket }: NodeRequest,
  method: string | undefined,
  response: ResponseSink,
  { address }: SourceOptions,
): RequestSource {
  return new NodeSource(method, (name) => readHeader(headers, name), response, address, socket)
}

/** (A class, for the one getter: a literal with one takes longer to make than all else that a look-up needs.) */
class NodeSource implements RequestSource {
  readonly method: string | undefined
  readonly header: RequestSource['header']
  readonly response: ResponseSink
  readonly #address: string | undefined
  readonly #socket: NodeRequest['socket']

  constructor(
    method: string | undefined,
    header: RequestSource['header'],
    response: ResponseSink,
    address: string | undefined,
    socket: NodeRequest['socket'],
  ) {
    this.method = method
    this.header = header
    this.response = response
    this.#address = address
    this.#socket = socket
  }

  /** Read only when asked for, as by a sign-in. */
  get address(): string | undefined {
    return this.#address ?? this.#socket?.remoteAddress
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

function readHeader(headers: NodeRequest['headers'], name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'object' ? value.join(', ') : value
}
