import type { RequestSource, ResponseSink } from '@latchkey/core'
import { createCallerSink, NOWHERE } from './caller.ts'
import { createFetchSink } from './fetch.ts'
import { createNodeSink } from './node.ts'
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
}

/** The request as the engine sees it: the only place that knows what each adapter hands over. */
export function toRequestSource(from: AuthContextSource, options: SourceOptions): RequestSource {
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
  const source = presented === undefined ? withTicket(from, handshake) : handshake
  const accessToken = presented === undefined ? from.info?.connectionParams?.accessToken : presented
  if (accessToken === undefined || accessToken === null) return source
  return { ...source, header: (name) => (name === 'authorization' ? `Bearer ${accessToken}` : source.header(name)) }
}

interface WithInfo {
  readonly req: object
  readonly info?: CallInfo | undefined
}

/**
 * A stream's URL may carry a ticket, and nothing else that authenticates (RFC 9700 section 4.3.2). No other call's may: whoever can make
 * a browser post somewhere also writes the URL, and a request that a ticket decides isn't asked where it comes from.
 */
function withStreamTicket(from: WithInfo, source: RequestSource): RequestSource {
  return from.info?.type === 'subscription' ? withTicket(from, source) : source
}

function withTicket(from: WithInfo, source: RequestSource): RequestSource {
  const ticket = from.info?.connectionParams?.ticket
  return ticket === undefined ? source : { ...source, ticket, connection: from.req }
}

function toFetchSource(
  { req, resHeaders }: FetchContextOptions,
  { isCommitted, address }: SourceOptions,
): RequestSource {
  return {
    method: req.method,
    header: (name) => req.headers.get(name),
    address,
    response: createFetchSink(resHeaders, isCommitted),
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
  return {
    method,
    header: (name) => readHeader(headers, name),
    get address() {
      return address ?? socket?.remoteAddress
    },
    response,
  }
}

/** One header of the request, without making anything of the others. */
export function readRequestHeader(from: AuthContextSource, name: string): string | null | undefined {
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
