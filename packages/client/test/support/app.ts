import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AuthError, createAuth, createSessionBus, credentials, memoryAdapter, type RequestSource } from '@latchkey/core'
import { toNodeHandler } from '@latchkey/core/node'
import { authErrorFormatter, createAuthRouter, toTRPCError } from '@latchkey/trpc'
import { initTRPC, tracked } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import superjson from 'superjson'
import { onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import { createPassword } from './password.ts'

/** What the server's clock says beside the client's: the tests let tokens expire by moving it. */
export interface Clock {
  ahead: number
}

export interface AppOptions {
  readonly accessTokenMaxAge?: '20s' | '15m'
  readonly refreshTokenMaxAge?: '1h' | '30d'
  readonly secret?: string
  readonly revalidateAge?: '1s' | '5m'
  /** Null: stateless. */
  readonly adapter?: ReturnType<typeof memoryAdapter> | null
  /** Files that it serves besides, by path. */
  readonly pages?: ReadonlyMap<string, { readonly type: string; readonly body: string }>
  /** Without `authErrorFormatter`, as an app that forgot it. */
  readonly plainErrors?: boolean
}

/** An app over HTTP and sockets on one port, as its users have it; what is counted is counted on the wire. */
export async function openApp(options: AppOptions = {}) {
  const clock: Clock = { ahead: 0 }
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  const origin = `http://127.0.0.1:${port}`
  const { auth, appRouter, createContext, state } = createRouter(options, origin, clock)

  const wire = createWire()
  const handleTrpc = createHTTPHandler({ router: appRouter, createContext, basePath: '/trpc/' })
  const handleAuth = toNodeHandler(auth.handler)
  server.on('request', (req, res) => {
    wire.saw(req)
    if (req.headers.accept?.includes('text/event-stream')) wire.streams.add(res)
    if (wire.breaks(req, res)) return
    const page = options.pages?.get((req.url ?? '').replace(/\?.*/, ''))
    if (page) return void res.setHeader('content-type', page.type).end(page.body)
    if (req.url?.startsWith('/auth/')) return void handleAuth(req, res)
    handleTrpc(req, res)
  })
  const sockets = new WebSocketServer({ server })
  applyWSSHandler({ wss: sockets, router: appRouter, createContext })
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
    server.closeAllConnections()
    server.close()
  })
  return { auth, clock, state, wire, sockets, origin, asBearer, url: `${origin}/trpc`, wsUrl: `ws://127.0.0.1:${port}` }
}

/** A request with this access token, as the engine sees it. */
function asBearer(accessToken: string): RequestSource {
  const response = { writability: () => 'none' as const, setCookie: () => {}, noStore: () => {} }
  return { method: 'POST', header: (name) => (name === 'authorization' ? `Bearer ${accessToken}` : null), response }
}

/** How requests of one path fail: cut at once, without a response, cut after they were done, without a response after that, or with a status. */
type Failure = 'cut' | 'hang' | 'lose' | 'swallow' | number

/** What goes over the wire, by procedure or endpoint, and what breaks on it. */
function createWire() {
  const seen: { readonly path: string; readonly url: string; readonly authorization: string | undefined }[] = []
  const failures = new Map<string, Failure>()
  const nameOf = (req: IncomingMessage) => (req.url ?? '').replace(/^\/trpc\//, '').replace(/\?.*$/, '')
  return {
    seen,
    count: (path: string) => seen.filter((request) => request.path === path).length,
    get urls() {
      return seen.map(({ url }) => url)
    },
    saw: (req: IncomingMessage) => {
      const { authorization } = req.headers
      seen.push({ path: nameOf(req), url: decodeURIComponent(req.url ?? ''), authorization })
    },
    /** From now on requests of this path fail like this; null: no more. */
    fail: (path: string, failure: Failure | null) => {
      if (failure === null) failures.delete(path)
      else failures.set(path, failure)
    },
    /** Whether the request is not to be handled. */
    breaks: (req: IncomingMessage, res: ServerResponse): boolean => {
      const failure = failures.get(nameOf(req))
      if (failure === 'cut') req.socket.destroy()
      if (failure === 'lose') res.end = () => res.destroy()
      if (failure === 'swallow') res.end = () => res
      if (typeof failure === 'number') res.writeHead(failure).end('<h1>Bad gateway</h1>')
      return failure !== undefined && failure !== 'lose' && failure !== 'swallow'
    },
    streams: new Set<ServerResponse>(),
    /** Cuts every event stream that is open, as a network does. */
    breakStreams() {
      for (const stream of this.streams) stream.destroy()
      this.streams.clear()
    },
  }
}

function createRouter(options: AppOptions, origin: string, clock: Clock) {
  const { adapter = memoryAdapter() } = options
  const auth = createAuth({
    secret: options.secret ?? 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: origin,
    clock: () => new Date(Date.now() + clock.ahead),
    roles: ['member', 'admin'],
    claims: { org: z.string() },
    update: z.object({ org: z.string() }),
    bus: createSessionBus(),
    session: { revalidateAge: options.revalidateAge ?? '5m' },
    tokens: {
      enabled: true,
      accessTokenMaxAge: options.accessTokenMaxAge ?? '15m',
      refreshTokenMaxAge: options.refreshTokenMaxAge ?? '30d',
    },
    logger: { error: () => {}, warn: () => {} },
    providers: [
      credentials({
        input: z.object({ name: z.string(), password: z.string() }),
        identify: ({ name }) => name,
        authorize: ({ name, password }) => (password === 'right' ? { id: name, name } : null),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user ? { ...token, roles: user.id === 'root' ? ['admin'] : ['member'] } : token),
      session: ({ session }) => ({ ...session, seenAt: new Date(0) }),
    },
    ...(adapter && { adapter }),
  })
  const { authRouter, authContext, protectedProcedure, protectedSubscription, requireRole } = createAuthRouter(auth)
  const t = initTRPC
    .context<ReturnType<typeof authContext>>()
    .create({ transformer: superjson, ...(!options.plainErrors && { errorFormatter: authErrorFormatter }) })
  const { password, inputs } = createPassword()
  const state = { runs: 0, closed: 0, inputs }
  const appRouter = t.router({
    auth: t.mergeRouters(authRouter, t.router({ password })),
    open: t.procedure.query(() => 'for everybody'),
    mine: t.procedure
      .concat(protectedProcedure)
      .input(z.number().optional())
      .query(({ ctx, input }) => `${ctx.session.user.id} ${input ?? ''}`.trim()),
    write: t.procedure.concat(protectedProcedure).mutation(({ ctx }) => {
      state.runs++
      return ctx.session.sessionId
    }),
    admin: t.procedure.concat(requireRole('admin')).query(() => 'for admins'),
    /** Refuses every token as expired. */
    stubborn: t.procedure.query(() => {
      throw toTRPCError(new AuthError('AccessTokenExpired'))
    }),
    /** Counts up by itself, from after the last event that the client saw. */
    feed: t.procedure
      .concat(protectedSubscription)
      .input(z.object({ lastEventId: z.coerce.number().optional() }).optional())
      .subscription(async function* ({ input }) {
        try {
          for (let next = (input?.lastEventId ?? 0) + 1; ; next++) {
            yield tracked(String(next), next)
            await new Promise((resolve) => setTimeout(resolve, 50))
          }
        } finally {
          state.closed++
        }
      }),
    stubbornFeed: t.procedure.subscription(async function* () {
      state.runs++
      yield 'once'
      throw toTRPCError(new AuthError('AccessTokenExpired'))
    }),
  })
  return { auth, appRouter, createContext: authContext, state }
}

export type AppRouter = ReturnType<typeof createRouter>['appRouter']
export type App = Awaited<ReturnType<typeof openApp>>
