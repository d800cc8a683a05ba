import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AuthContextSource, AuthRouterContext } from '@latchkey/trpc'
import type { AnyTRPCRouter } from '@trpc/server'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import type { ResponseMeta } from '@trpc/server/http'
import express from 'express'
import fastify from 'fastify'
import { onTestFinished } from 'vitest'

export interface Served {
  readonly router: AnyTRPCRouter
  readonly createContext: (from: AuthContextSource) => object | Promise<object>
  readonly responseMeta?: () => ResponseMeta
  readonly onError?: (params: { readonly error: Error; readonly path: string | undefined }) => void
  readonly maxBatchSize?: number
  readonly maxBodySize?: number
}

/** The adapters, each serving an app over real HTTP; the URL is where its procedures are. Closed with the test. */
export const ADAPTERS = {
  standalone: (app) => listen(createHTTPHandler({ ...app, createContext: asContext(app) })),
  express: (app) => {
    const server = express()
    server.use('/trpc', createExpressMiddleware({ ...app, createContext: asContext(app) }))
    return listen(server, '/trpc')
  },
  fastify: async (app) => {
    const server = fastify()
    await server.register(fastifyTRPCPlugin, {
      prefix: '/trpc',
      trpcOptions: { ...app, createContext: asContext(app) },
    })
    onTestFinished(() => server.close())
    return `${await server.listen({ host: '127.0.0.1', port: 0 })}/trpc`
  },
  fetch: (app) => listen((req, res) => void serveFetch(app, req, res)),
} satisfies Record<string, (app: Served) => Promise<string>>

export type AdapterName = keyof typeof ADAPTERS
export const ADAPTER_NAMES = Object.keys(ADAPTERS) as readonly AdapterName[] // Object.keys forgets its keys

/** The Fetch adapter behind a Node server, as on any platform that hands out a Request and takes a Response. */
async function serveFetch(app: Served, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const headers = new Headers()
  for (const [name, value] of Object.entries(req.headers)) headers.set(name, String(value))
  const body = req.method === 'POST' ? Buffer.concat(await req.toArray()) : null
  const request = new Request(`http://localhost${req.url}`, { method: req.method ?? 'GET', headers, body })
  const response = await fetchRequestHandler({ ...app, endpoint: '', req: request, createContext: asContext(app) })
  res.writeHead(response.status, [...response.headers].flat())
  for await (const chunk of response.body ?? []) res.write(chunk)
  res.end()
}

/** The adapters' own context types differ by adapter; ours takes them all. */
function asContext({ createContext }: Served): (from: AuthContextSource) => Promise<AuthRouterContext> {
  return async (from) => (await createContext(from)) as AuthRouterContext // routers under test decide what they need of it
}

async function listen(listener: RequestListener, path = ''): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise((resolve) => void server.close(() => resolve())))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('not listening')
  return `http://127.0.0.1:${address.port}${path}`
}
