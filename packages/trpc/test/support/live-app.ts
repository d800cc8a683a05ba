import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import {
  type Auth,
  createAuth,
  credentials,
  memoryAdapter,
  type RequestSource,
  type SessionAdapter,
  type SessionBus,
} from '@latchkey/core'
import {
  createTRPCClient,
  createWSClient,
  httpBatchStreamLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  wsLink,
} from '@trpc/client'
import { initTRPC, tracked } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { OpenRequest } from '../../../core/src/request/open-request.ts'
import { authErrorFormatter, createAuthRouter } from '../../src/index.ts'

export const ORIGIN = 'http://app.test'

export interface LiveOptions {
  readonly strategy?: 'jwt' | 'database'
  readonly accessTokenMaxAge?: '1s' | '3s' | '15m'
  readonly maxAge?: '3s' | '30d'
  /** Shared by instances that hear each other. */
  readonly bus?: SessionBus
  readonly adapter?: SessionAdapter | null
  /** @default '5m' */
  readonly revalidateAge?: '1s' | '5m'
  readonly clock?: () => Date
  /** Called whenever the session callback runs. */
  readonly onShape?: () => void
}

function configure({
  strategy = 'jwt',
  accessTokenMaxAge = '15m',
  maxAge = '30d',
  bus,
  adapter = memoryAdapter(),
  revalidateAge = '5m',
  clock = () => new Date(),
  onShape = () => {},
}: LiveOptions) {
  return createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: ORIGIN,
    roles: ['member', 'admin'],
    claims: { org: z.string() },
    update: z.object({ org: z.string() }),
    session: { strategy, maxAge, revalidateAge },
    clock,
    tokens: { enabled: true, accessTokenMaxAge },
    logger: { error: () => {}, warn: () => {} },
    providers: [
      credentials({
        input: z.object({ name: z.string(), password: z.string() }),
        identify: ({ name }) => name,
        authorize: ({ name, password }) => (password === 'right' ? { id: name, name } : null),
      }),
    ],
    callbacks: {
      jwt: ({ token, user, stored }) => {
        const row = user ?? stored
        return row ? { ...token, roles: [row.role === 'admin' ? 'admin' : 'member'] } : token
      },
      session: ({ session }) => {
        onShape()
        return session
      },
    },
    ...(bus && { bus }),
    ...(adapter && { adapter }),
  })
}

/** An app over HTTP, server-sent events and sockets on one port. */
export async function openLiveApp(options: LiveOptions = {}) {
  const { auth, openWatches } = countWatches(configure(options))
  const closed: string[] = []
  const router = createRouter(auth, closed)
  const { url, sockets } = await serve(router.appRouter, router.createContext)
  return { auth, url, sockets, closed, openWatches, ...createClients(url) }
}

/** The same engine, counting what watches a session and hasn't stopped, or been told of its end. */
function countWatches(auth: ReturnType<typeof configure>) {
  const counted: Counted = { sources: new WeakSet(), open: new Set() }
  COUNTED.add(counted)
  onTestFinished(() => void COUNTED.delete(counted))
  const createContext: typeof auth.createContext = (source) => {
    counted.sources.add(source)
    return auth.createContext(source)
  }
  return { auth: { ...auth, createContext }, openWatches: () => counted.open.size }
}

interface Counted {
  readonly sources: WeakSet<RequestSource>
  readonly open: Set<symbol>
}

/** Every watch of a request begins here, a stream's of the router's own too. */
const COUNTED = new Set<Counted>()
const { watch } = OpenRequest.prototype
OpenRequest.prototype.watch = async function (listener) {
  const open = [...COUNTED].find(({ sources }) => sources.has(this.source))?.open
  const id = Symbol('watch')
  const ended: typeof listener.ended = (reason) => {
    open?.delete(id)
    listener.ended(reason)
  }
  const stop = await watch.call(this, { ...listener, ended })
  open?.add(id)
  return () => {
    open?.delete(id)
    stop()
  }
}

function createRouter(auth: ReturnType<typeof configure>, closed: string[]) {
  const { authRouter, authContext, protectedProcedure, protectedSubscription, requireRole } = createAuthRouter(auth)
  const t = initTRPC.context<ReturnType<typeof authContext>>().create({ errorFormatter: authErrorFormatter })
  const appRouter = t.router({
    auth: authRouter,
    open: t.procedure.query(() => 'for everybody'),
    mine: t.procedure.concat(protectedProcedure).query(({ ctx }) => ctx.session.user.id),
    admin: t.procedure.concat(requireRole('admin')).query(() => 'for admins'),
    /** Says something once, then nothing. */
    silent: t.procedure.concat(protectedSubscription).subscription(async function* ({ ctx, signal }) {
      try {
        yield tracked('1', ctx.session.user.id)
        await new Promise((resolve) => signal?.addEventListener('abort', resolve))
      } finally {
        closed.push('silent')
      }
    }),
    /** Waits for something of its own, whatever happens to its client. */
    stubborn: t.procedure.concat(protectedSubscription).subscription(async function* ({ ctx }) {
      yield ctx.session.user.id
      await new Promise(() => {})
    }),
    /** For as long as one is an admin. */
    forAdmins: t.procedure.concat(requireRole('admin')).subscription(async function* ({ signal }) {
      yield 'for admins'
      await new Promise((resolve) => signal?.addEventListener('abort', resolve))
    }),
    ticks: t.procedure.concat(protectedSubscription).subscription(async function* () {
      try {
        for (let tick = 0; ; tick++) {
          yield tick
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
      } finally {
        closed.push('ticks')
      }
    }),
  })
  return { appRouter, createContext: authContext }
}

export type LiveRouter = ReturnType<typeof createRouter>['appRouter']

async function serve(router: LiveRouter, createContext: ReturnType<typeof createRouter>['createContext']) {
  const server = createServer(createHTTPHandler({ router, createContext }))
  const sockets = new WebSocketServer({ server })
  applyWSSHandler({ wss: sockets, router, createContext })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // it listens on a port
  return { url: `127.0.0.1:${port}`, sockets }
}

interface SocketOptions {
  readonly params?: Record<string, string>
  readonly cookie?: string
  readonly origin?: string
}

function createClients(address: string) {
  const url = `http://${address}`
  const headers = (more: Record<string, string>) => ({ origin: ORIGIN, ...more })
  return {
    http: (more: Record<string, string> = {}) =>
      createTRPCClient<LiveRouter>({ links: [httpLink({ url, headers: headers(more) })] }),
    stream: (more: Record<string, string> = {}) =>
      createTRPCClient<LiveRouter>({ links: [httpBatchStreamLink({ url, headers: headers(more) })] }),
    /** Over server-sent events, read with fetch so that cookies can be sent. */
    events: (more: Record<string, string> = {}, params?: Record<string, string>) =>
      createTRPCClient<LiveRouter>({
        links: [
          splitLink({
            condition: (op) => op.type === 'subscription',
            true: httpSubscriptionLink({
              url,
              EventSource: createEventSource(headers(more)),
              ...(params && { connectionParams: params }),
            }),
            false: httpLink({ url, headers: headers(more) }),
          }),
        ],
      }),
    socket: ({ params, cookie, origin = ORIGIN }: SocketOptions = {}) => {
      const Socket = class extends WebSocket {
        constructor(target: string) {
          super(target, { headers: { origin, ...(cookie && { cookie }) } })
        }
      }
      const client = createWSClient({
        url: `ws://${address}`,
        // It is one, with headers of its own.
        WebSocket: Socket as unknown as typeof globalThis.WebSocket,
        ...(params && { connectionParams: params }),
      })
      onTestFinished(() => void client.close())
      return createTRPCClient<LiveRouter>({ links: [wsLink({ client })] })
    },
  }
}

/** As much of an EventSource as tRPC uses, on fetch. */
function createEventSource(headers: Record<string, string>) {
  return class FetchEventSource extends EventTarget {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSED = 2
    readyState = 0
    readonly #abort = new AbortController()
    constructor(url: string) {
      super()
      void this.#read(url)
    }
    close() {
      this.readyState = 2
      this.#abort.abort()
    }
    async #read(url: string) {
      try {
        const response = await fetch(url, { headers, signal: this.#abort.signal })
        this.readyState = 1
        this.dispatchEvent(new Event('open'))
        let text = ''
        for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
          text += chunk
          for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
            this.#dispatch(text.slice(0, end))
            text = text.slice(end + 2)
          }
        }
      } catch {
        // Closed by us, or by the server: the end either way.
      }
      this.readyState = 2
    }
    #dispatch(block: string) {
      const fields = new Map(
        block
          .split('\n')
          .map((line): [string, string] => [
            line.slice(0, line.indexOf(':')),
            line.slice(line.indexOf(':') + 1).trimStart(),
          ]),
      )
      const init = { data: fields.get('data') ?? '', lastEventId: fields.get('id') ?? '' }
      this.dispatchEvent(new MessageEvent(fields.get('event') ?? 'message', init))
    }
  } as never
}

export interface Recorded<T> {
  readonly items: T[]
  /** Why it is over: 'complete', or the kind of the error. */
  readonly over: Promise<string>
  readonly stop: () => void
}

/** What a subscription says, until it is over. */
export function record<T>(
  subscribe: (handlers: {
    onData: (item: T) => void
    onComplete: () => void
    onError: (error: { data?: { kind?: string | null } | null | undefined; message: string }) => void
  }) => { unsubscribe: () => void },
): Recorded<T> {
  const items: T[] = []
  let finish: (reason: string) => void = () => {}
  const over = new Promise<string>((resolve) => (finish = resolve))
  const { unsubscribe } = subscribe({
    onData: (item) => void items.push(item),
    onComplete: () => finish('complete'),
    onError: (error) => finish(error.data?.kind ?? error.message),
  })
  onTestFinished(unsubscribe)
  return { items, over, stop: unsubscribe }
}

/** Waits until something holds; a test's own timeout ends it if it never does. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** The cookie of a sign-in over plain HTTP. */
export async function signInByCookie(
  { auth }: { readonly auth: Pick<Auth, 'handler'> },
  name = 'ann',
): Promise<string> {
  const response = await auth.handler(
    new Request(`${ORIGIN}/auth/signin/credentials`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ORIGIN },
      body: JSON.stringify({ name, password: 'right' }),
    }),
  )
  return response.headers.getSetCookie()[0]!.split(';')[0]!
}

export const SIGN_IN = { provider: 'credentials', name: 'ann', password: 'right' } as const
export const TOKEN_FLOW = { ...SIGN_IN, flow: 'token' } as const
