import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuth, credentials, definePlugin, memoryAdapter } from '@latchkey/core'
import { toNodeHandler } from '@latchkey/core/node'
import { oauth, oauth2 } from '@latchkey/oauth'
import { authErrorFormatter, createAuthRouter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { onTestFinished } from 'vitest'
import { z } from 'zod'

/** A provider on an origin of its own, with a page on which a person agrees or refuses. */
export interface Provider {
  readonly origin: string
  /** Cuts the tie between its pages and whoever opened them. */
  isolates: boolean
}

/** An app at which one signs in through another page. */
export interface SignInApp {
  readonly provider: Provider
  /** Where its server is, and its pages. */
  readonly origin: string
  /** Where the same pages are too: an origin that the server trusts. */
  readonly elsewhere: string
  /** Asks for a second factor. */
  asksForPin: boolean
}

/** @param bundle the script of its pages */
export async function openSignInApp(bundle: string): Promise<SignInApp> {
  const provider = await startProvider()
  const pages = await listen((_, res) => sendPage(res, bundle, app.origin))
  const { auth, appRouter, authContext, server } = await startServer(provider, pages.origin, () => app.asksForPin)
  const handleAuth = toNodeHandler(auth.handler)
  const handleTrpc = createHTTPHandler({ router: appRouter, createContext: authContext, basePath: '/trpc/' })
  server.listener = (req, res) => {
    // As an app would that serves pages of another origin.
    res.setHeader('access-control-allow-origin', pages.origin)
    res.setHeader('access-control-allow-headers', 'content-type, authorization')
    if (req.method === 'OPTIONS') return void res.end()
    if (req.url?.startsWith('/auth/')) return void handleAuth(req, res)
    if (req.url?.startsWith('/trpc/')) return handleTrpc(req, res)
    sendPage(res, bundle, app.origin)
  }
  const app: SignInApp = { provider, origin: server.origin, elsewhere: pages.origin, asksForPin: false }
  return app
}

interface Listening {
  readonly origin: string
  listener: (req: IncomingMessage, res: ServerResponse) => void
}

async function listen(listener: Listening['listener']): Promise<Listening> {
  const server: Server = createServer((req, res) => listening.listener(req, res))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo // it listens on a port
  const listening: Listening = { origin: `http://127.0.0.1:${port}`, listener }
  return listening
}

function sendPage(res: ServerResponse, bundle: string, server: string): void {
  res.setHeader('content-type', 'text/html')
  res.end(`<!doctype html><link rel="icon" href="data:,"><script>globalThis.server = '${server}'</script>
<button id="go">Continue with Idp</button><p id="status"></p><script type="module">${bundle}</script>`)
}

async function startProvider(): Promise<Provider> {
  const { origin } = await listen((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '', 'http://idp')
    if (provider.isolates) res.setHeader('cross-origin-opener-policy', 'same-origin')
    if (pathname === '/authorize') return sendChoice(res, searchParams)
    res.setHeader('content-type', 'application/json')
    if (pathname === '/token') return void res.end('{"access_token":"access-1","token_type":"Bearer"}')
    res.end('{"sub":"ada-1","name":"Ada"}')
  })
  const provider: Provider = { origin, isolates: false }
  return provider
}

function sendChoice(res: ServerResponse, params: URLSearchParams): void {
  const state = params.get('state') ?? ''
  const to = (fields: Record<string, string>) =>
    `${params.get('redirect_uri')}?${new URLSearchParams({ ...fields, state })}`.replaceAll('&', '&amp;')
  res.setHeader('content-type', 'text/html')
  res.end(`<!doctype html><a id="agree" href="${to({ code: 'code-1' })}">Agree</a>
<a id="refuse" href="${to({ error: 'access_denied' })}">Refuse</a>`)
}

async function startServer(provider: Provider, elsewhere: string, asksForPin: () => boolean) {
  const server = await listen(() => {})
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: server.origin,
    trustedOrigins: [elsewhere],
    adapter: memoryAdapter(),
    tokens: { enabled: true },
    logger: { error: () => {}, warn: () => {} },
    providers: [
      credentials({ input: z.object({ pin: z.string() }), identify: ({ pin }) => pin, authorize: () => null }),
    ],
    plugins: [
      oauth([
        oauth2({
          id: 'idp',
          clientId: 'client-1',
          clientSecret: 'secret-1',
          authorization: `${provider.origin}/authorize`,
          token: `${provider.origin}/token`,
          userinfo: `${provider.origin}/me`,
        }),
      ]),
      definePlugin({ id: 'pin', setup: () => ({ factors: { pin: { isDue: asksForPin } } }) }),
    ],
  })
  const { authRouter, authContext } = createAuthRouter(auth)
  const t = initTRPC.context<ReturnType<typeof authContext>>().create({ errorFormatter: authErrorFormatter })
  return { auth, appRouter: t.router({ auth: authRouter }), authContext, server }
}

export type SignInRouter = Awaited<ReturnType<typeof startServer>>['appRouter']
