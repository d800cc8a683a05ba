import { createAuth, credentials } from '@latchkey/core'
import { toNodeHandler } from '@latchkey/core/node'
import { authErrorFormatter, createAuthRouter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { WebSocketServer } from 'ws'
import { z } from 'zod'

/** Where people reach the app, whichever instance serves them. */
const ORIGIN = 'https://app.test'

/** The app under one strategy: its endpoints, its procedures over HTTP, server-sent events and a socket. */
export function openApp({ strategy, adapter, broker, plugins, settings, server }) {
  const { skew = 0, secrets } = settings
  const bus = broker.bus()
  const auth = createAuth({
    secret: secrets,
    baseUrl: ORIGIN,
    basePath: `/${strategy}/auth`,
    adapter,
    // Usually so short that a session is checked and extended every few seconds, and not once in a run.
    session: { strategy, revalidateAge: settings.revalidateAge ?? '1s', updateAge: settings.updateAge ?? '2s' },
    tokens: { enabled: true },
    plugins,
    clock: () => new Date(Date.now() + skew),
    providers: [
      credentials({
        input: z.object({ name: z.string(), password: z.string() }),
        identify: ({ name }) => name,
        authorize: ({ name, password }) => (password === 'right' ? { id: name, name } : null),
      }),
    ],
    ...(bus && { bus }),
    ...(broker.counter && { limits: { counter: broker.counter(adapter) } }),
    logger: settings.isLoud ? console : { error: () => {}, warn: () => {} },
  })
  const { authRouter, authContext, protectedProcedure, protectedSubscription } = createAuthRouter(auth)
  const t = initTRPC.context().create({ errorFormatter: authErrorFormatter })
  const router = t.router({
    auth: authRouter,
    me: t.procedure.concat(protectedProcedure).query(({ ctx }) => ctx.session.user.id),
    /** Says who it is for, and lasts as long as its session. */
    open: t.procedure.concat(protectedSubscription).subscription(async function* ({ ctx, signal }) {
      yield ctx.session.user.id
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    }),
  })
  listenToSockets(server, `/${strategy}/socket`, { router, createContext: authContext })
  return {
    auth: Object.assign(toNodeHandler(auth.handler), { close: auth.close }),
    trpc: createHTTPHandler({ router, createContext: authContext, basePath: `/${strategy}/trpc/` }),
  }
}

function listenToSockets(server, path, app) {
  const sockets = new WebSocketServer({ noServer: true })
  applyWSSHandler({ wss: sockets, ...app })
  server.on('upgrade', (req, socket, head) => {
    if (req.url.split('?', 1)[0] !== path) return
    sockets.handleUpgrade(req, socket, head, (opened) => sockets.emit('connection', opened, req))
  })
}
