import { configurationError } from '@latchkey/core'

/** What tRPC tells of a request before its procedures run; absent outside tRPC. */
export interface CallInfo {
  /** `'application/jsonl'` if the response is streamed. */
  readonly accept: string | null
  /** `'query'`, `'mutation'`, `'subscription'` or `'unknown'`. */
  readonly type: string
  /** What a client sent with a socket's first message, or in a stream's URL. */
  readonly connectionParams?: Readonly<Record<string, string | undefined>> | null | undefined
  /** Aborted when the client has gone. */
  readonly signal?: AbortSignal | undefined
}

/** What is read of `http.IncomingMessage`, `http2.Http2ServerRequest` and Express's request. */
export interface NodeRequest {
  readonly method?: string | undefined
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly socket?: { readonly remoteAddress?: string | undefined } | undefined
}

/** What is used of `http.ServerResponse`, `http2.Http2ServerResponse` and Express's response. */
export interface NodeResponse {
  readonly headersSent: boolean
  getHeader(name: string): number | string | readonly string[] | undefined
  setHeader(name: string, value: string | readonly string[]): unknown
  // A property, not a method: it is replaced.
  writeHead: (...args: never[]) => unknown
}

/** What is read of a Fetch `Headers`, and of Next's `headers()`. */
export interface HeadersReader {
  get(name: string): string | null
}

/** What is used of the `Headers` that become the response's. */
export interface HeadersWriter extends HeadersReader {
  set(name: string, value: string): void
  append(name: string, value: string): void
  delete(name: string): void
  getSetCookie(): string[]
}

/** The options of `createContext` under the Fetch adapter. */
export interface FetchContextOptions {
  readonly req: { readonly method: string; readonly headers: HeadersReader; readonly url?: string | undefined }
  readonly resHeaders: HeadersWriter
  readonly info?: CallInfo | undefined
}

/** The options of `createContext` under the standalone, Express and Next (pages) adapters. */
export interface NodeContextOptions {
  readonly req: NodeRequest
  readonly res: NodeResponse
  readonly info?: CallInfo | undefined
}

/** The options of `createContext` under the Fastify adapter. */
export interface FastifyContextOptions {
  readonly req: { readonly raw: NodeRequest }
  readonly res: { readonly raw: NodeResponse }
  readonly info?: CallInfo | undefined
}

/** What is read of a WebSocket of `ws`. */
export interface BufferingSocket {
  readonly readyState: number
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount?: number
}

/** The options of `createContext` under the WebSocket adapter: `req` is the handshake, and no cookie can be set. */
export interface SocketContextOptions {
  readonly req: NodeRequest
  readonly res: BufferingSocket & { send(...args: never[]): unknown }
  readonly info?: CallInfo | undefined
}

/** What is read of an API Gateway event, version 1 or 2, and of a function URL's. */
export interface LambdaEvent {
  readonly headers?: Readonly<Record<string, string | undefined>> | null
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null
  readonly cookies?: readonly string[]
  readonly httpMethod?: string
  readonly requestContext?: {
    readonly http?: { readonly method: string; readonly sourceIp: string }
    readonly identity?: { readonly sourceIp: string }
  }
}

/** The options of `createContext` under the AWS Lambda adapter. */
export interface LambdaContextOptions {
  readonly event: LambdaEvent
  readonly info?: CallInfo | undefined
  /**
   * Takes what goes into the response's headers, cookies among them. The adapter has no place for it: make a `Headers` in `createContext`
   * and return it from `responseMeta`. Left out, what must set a cookie fails with `ResponseCommitted`.
   */
  readonly resHeaders?: HeadersWriter | undefined
}

/** A cookie in the form that Next's `cookies().set()` and most frameworks take. */
export interface SetCookie {
  readonly name: string
  readonly value: string
  readonly path: string
  /** Seconds; 0 removes the cookie. */
  readonly maxAge: number
  readonly httpOnly: boolean
  readonly secure: boolean
  readonly sameSite: 'lax' | 'strict' | 'none'
}

/** For `createCaller`: server components, server actions, tests, and adapters that aren't listed. */
export interface CallerContextOptions {
  /** The headers of the request on whose behalf the call is made. */
  readonly headers: HeadersReader | Readonly<Record<string, string | readonly string[] | undefined>>
  /**
   * Puts a cookie into the response, as a `Set-Cookie` header or as its parts. If it throws, as Next's `cookies().set` does in a server
   * component, what must set a cookie fails with `ResponseCommitted`, and a session that is only read isn't extended.
   *
   * @default none: what must set a cookie fails with `ResponseCommitted`
   */
  readonly setCookie?: ((name: string, header: string, cookie: SetCookie) => void) | undefined
  /**
   * The method of a request that comes from a browser: if it isn't GET, every procedure that asks for a cookie's session checks the
   * request's origin. Pass it wherever a browser's request runs mutations of the app's own, as in a server action.
   *
   * @default none: the server calls on its own behalf. Procedures that read pass, and what this library's own procedures write is refused
   * only if the headers say that another site caused the request (`Origin`, else `Sec-Fetch-Site`)
   */
  readonly method?: string | undefined
}

/** Whatever an adapter hands to `createContext`. */
export type AuthContextSource = RequestContextSource | SocketContextOptions

/** The same for one request: a socket outlives it. */
export type RequestContextSource =
  FetchContextOptions | NodeContextOptions | FastifyContextOptions | LambdaContextOptions | CallerContextOptions

/** @throws AuthError `Configuration` if no adapter hands over anything like it */
export function checkContextSource(source: unknown): void {
  const isKnown =
    typeof source === 'object' && source !== null && ('req' in source || 'headers' in source || 'event' in source)
  if (!isKnown) throw configurationError('authContext', 'pass what the adapter hands to createContext, or { headers }')
}

/** Whether the response's headers leave before its procedures have run (trpc-facts 11). */
export function isStreamed(source: AuthContextSource): boolean {
  if (!('info' in source) || !source.info) return false
  return source.info.accept === 'application/jsonl' || source.info.type === 'subscription'
}

/** Whether `ctx` outlives one request, so that nothing may be remembered from one call to the next (trpc-facts 19). */
export function isSocket(source: AuthContextSource): source is SocketContextOptions {
  return 'res' in source && 'readyState' in source.res
}
