import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { authErrorFormatter } from '@latchkey/trpc'
import { boundedSuperjson, type BoundedSuperjsonOptions } from '@latchkey/superjson'
import { initTRPC } from '@trpc/server'
import { createHTTPServer } from '@trpc/server/adapters/standalone'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import superjson from 'superjson'
import { onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'

/** superjson itself, counting how often it is asked to convert an input. */
export function countSuperjson() {
  let calls = 0
  return {
    serialize: (value: unknown) => superjson.serialize(value),
    deserialize: (...[payload, options]: Parameters<typeof superjson.deserialize>) => {
      calls++
      return superjson.deserialize<unknown>(payload, options)
    },
    /** How often since the last time it was read. */
    takeCalls: () => {
      const taken = calls
      calls = 0
      return taken
    },
  }
}

export function createEchoRouter(transformer: ReturnType<typeof boundedSuperjson>) {
  const t = initTRPC.create({ transformer, errorFormatter: authErrorFormatter, isDev: false })
  return t.router({
    echo: t.procedure.input(z.unknown()).mutation(({ input }) => input),
    hear: t.procedure.input(z.unknown()).query(({ input }) => input),
  })
}

export type EchoRouter = ReturnType<typeof createEchoRouter>

/** An app that sends back what it was sent, over real HTTP. */
export async function openEcho(options?: BoundedSuperjsonOptions) {
  const counted = countSuperjson()
  const router = createEchoRouter(boundedSuperjson(counted, options))
  const url = await serve(router)
  counted.takeCalls()
  return { url, ...counted }
}

/** Serves a router over real HTTP until the test ends. */
export async function serve(router: EchoRouter): Promise<string> {
  const server = createHTTPServer({ router })
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${await listen(server)}`
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('not listening')
  return address.port
}

/** The same app over a socket: `send` returns the next message that comes back. */
export async function openSocket() {
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  applyWSSHandler({ wss: sockets, router: createEchoRouter(boundedSuperjson(superjson)), createContext: () => ({}) })
  const socket = new WebSocket(`ws://127.0.0.1:${await listen(server)}`)
  onTestFinished(() => {
    socket.terminate()
    sockets.close()
    server.close()
  })
  await once(socket, 'open')
  return {
    send: async (message: object): Promise<unknown> => {
      socket.send(JSON.stringify(message))
      const [data]: readonly unknown[] = await once(socket, 'message')
      return JSON.parse(String(data))
    },
  }
}

interface Answer {
  readonly status: number
  readonly kind: unknown
  readonly message: unknown
  readonly data: unknown
}

/** Posts a body as it is, as no client of ours would. */
export async function post(url: string, body: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/echo`, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer = ANSWER.parse(await response.json())
  const error = answer.error && ERROR.parse(superjson.deserialize(answer.error))
  return {
    status: response.status,
    kind: error?.data.kind ?? null,
    message: error?.message ?? null,
    data: answer.result && superjson.deserialize(answer.result.data),
  }
}

const PAYLOAD = z.custom<Parameters<typeof superjson.deserialize>[0]>((value) => typeof value === 'object')
const ANSWER = z.object({ result: z.object({ data: PAYLOAD }).optional(), error: PAYLOAD.optional() })
const ERROR = z.object({ message: z.string(), data: z.object({ kind: z.string().nullable() }) })
