import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AuthError, createAuth, createSessionBus, credentials, memoryAdapter } from '@latchkey/core'
import { toNodeHandler } from '@latchkey/core/node'
import { authErrorFormatter, createAuthRouter, toTRPCError } from '@latchkey/trpc'
import { initTRPC, tracked } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import superjson from 'superjson'
import { onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import { z } from 'zod'

/** What the server's clock says beside the client's: the tests let tokens expire by moving it. */
export interface Clock {
  ahead: number
}

export interface AppOptions {
  readonly accessTokenMaxAge?: '2s' | '15m'
  readonly refreshTokenMaxAge?: '1h' | '30d'
  /** Null: stateless. */
  readonly adapter?: ReturnType<typeof memoryAdapter> | null
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
    if (wire.isDown) return void req.socket.destroy()
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
  return { auth, clock, state, wire, sockets, origin, url: `${origin}/trpc`, wsUrl: `ws://127.0.0.1:${port}` }
}

/** What goes over the wire, by procedure or endpoint. */
function createWire() {
  const seen: { readonly path: string; readonly authorization: string | undefined }[] = []
  return {
    isDown: false,
    saw: (req: {
      readonly url?: string | undefined
      readonly headers: { readonly authorization?: string | undefined }
    }) => {
      const path = (req.url ?? '').replace(/^\/trpc\//, '').replace(/\?.*$/, '')
      seen.push({ path, authorization: req.headers.authorization })
    },
    seen,
    count: (path: string) => seen.filter((request) => request.path === path).length,
  }
}

function createRouter(options: AppOptions, origin: string, clock: Clock) {
  const { adapter = memoryAdapter() } = options
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: origin,
    clock: () => new Date(Date.now() + clock.ahead),
    roles: ['member', 'admin'],
    claims: { org: z.string() },
    update: z.object({ org: z.string() }),
    bus: createSessionBus(),
    tokens: {
      enabled: true,
      accessTokenMaxAge: options.accessTokenMaxAge ?? '15m',
      refreshTokenMaxAge: options.refreshTokenMaxAge ?? '30d',
    },
    logger: { error: () => {}, warn: () => {} },
    providers: [
      credentials({
        input: z.object({ name: z.string(), password: z.string() }),
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
  const state = { runs: 0, closed: 0 }
  const appRouter = t.router({
    auth: authRouter,
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
