import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CompleteAdapter, createAuth, credentials, type TableStore } from '@latchkey/core'
import { toNodeHandler } from '@latchkey/core/node'
import { createAuthRouter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { z } from 'zod'
import { type ApiKeyOptions, apiKeys } from '../../src/index.ts'

const ORIGIN = 'http://app.test'

export interface AppOptions extends Partial<ApiKeyOptions<'posts:read' | 'posts:write'>> {
  readonly adapter: CompleteAdapter & TableStore
  readonly strategy?: 'jwt' | 'database'
  readonly clock?: () => Date
}

/** An app on a port of its own: tRPC and the engine's handler, with one procedure for a scope. */
export async function startApp({ adapter, strategy = 'database', clock = () => new Date(), ...options }: AppOptions) {
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: ORIGIN,
    adapter,
    clock,
    session: { strategy },
    roles: ['member', 'robot'],
    logger: { error: () => {}, warn: () => {} },
    plugins: [apiKeys({ scopes: ['posts:read', 'posts:write'], ...options })],
    providers: [
      credentials({ input: z.object({ id: z.string() }), identify: ({ id }) => id, authorize: ({ id }) => ({ id }) }),
    ],
  })
  const { authRouter, authContext, authErrorFormatter, protectedProcedure, requireScope } = createAuthRouter(auth)
  const t = initTRPC.context<ReturnType<typeof authContext>>().create({ errorFormatter: authErrorFormatter })
  const router = t.router({
    auth: authRouter,
    read: t.procedure.concat(requireScope('posts:read')).query(({ ctx }) => ({
      user: ctx.session.user.id,
      roles: ctx.session.roles,
      via: ctx.session.via,
      id: ctx.session.sessionId,
    })),
    write: t.procedure.concat(requireScope('posts:write')).mutation(() => 'written'),
    account: t.procedure.concat(protectedProcedure).query(() => 'shown'),
  })
  const handleTrpc = createHTTPHandler({ router, createContext: authContext, basePath: '/trpc/' })
  const handleAuth = toNodeHandler(auth.handler)
  const server = createServer((req, res) => {
    if (req.url?.startsWith('/auth/')) void handleAuth(req, res)
    else handleTrpc(req, res)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on a port
  return {
    auth,
    /** A client that sends these headers. */
    as: (headers: Readonly<Record<string, string>>) => createCaller(url, headers),
    /** Somebody in a browser. */
    signIn: async (id: string) => {
      const response = await fetch(`${url}/auth/signin/credentials`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: ORIGIN },
        body: JSON.stringify({ id }),
      })
      const [cookie = ''] = response.headers.getSetCookie().map((header) => header.split(';', 1)[0] ?? '')
      return createCaller(url, { cookie })
    },
    stop: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

export type App = Awaited<ReturnType<typeof startApp>>

/** What came of a call: what it returned, or the kind of its error. */
export interface Answer<T = unknown> {
  readonly status: number
  readonly data: T
  readonly kind: string | null
  readonly retryAfter: number | null
}

export interface Caller {
  readonly query: <T = unknown>(path: string) => Promise<Answer<T>>
  readonly mutate: <T = unknown>(path: string, input?: unknown) => Promise<Answer<T>>
}

function createCaller(url: string, own: Readonly<Record<string, string>>): Caller {
  const headers = { 'content-type': 'application/json', origin: ORIGIN, ...own }
  return {
    query: async (path) => read(await fetch(`${url}/trpc/${path}`, { headers })),
    mutate: async (path, input) =>
      read(await fetch(`${url}/trpc/${path}`, { method: 'POST', headers, body: JSON.stringify(input ?? {}) })),
  }
}

async function read<T>(response: Response): Promise<Answer<T>> {
  const { result, error } = (await response.json()) as {
    result?: { data: T }
    error?: { data: { kind: string | null; retryAfter?: number } }
  } // what tRPC answers
  return {
    status: response.status,
    data: result?.data as T, // a test that reads it expects no error
    kind: error?.data.kind ?? null,
    retryAfter: error?.data.retryAfter ?? null,
  }
}
