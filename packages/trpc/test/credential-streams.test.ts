import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuth, definePlugin, memoryAdapter, mutation, query, subscription } from '@latchkey/core'
import { authErrorFormatter, createAuthRouter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { afterEach, expect, test } from 'vitest'
import { type ClientOptions, WebSocket, WebSocketServer } from 'ws'

const ORIGIN = 'http://app.test'
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** Streams over a server of their own, for callers with a badge, as long as it isn't in `lost`. */
async function startApp() {
  const lost = new Set<string>()
  const state = { isDown: false, scopes: ['ticks'] }
  async function* tick(whom: string) {
    yield whom
    await new Promise(() => {})
  }
  const badge = definePlugin({
    id: 'badge',
    needs: ['getUser'],
    setup: ({ store }) => ({
      credential: {
        find: (header) => header('x-badge') ?? header('authorization')?.match(/^Bearer badge (.*)/)?.[1] ?? null,
        open: async (value) => {
          if (state.isDown) throw new Error('down')
          const user = lost.has(value) ? null : await store.getUser(value)
          return user && { user, id: `badge-${value}`, scopes: state.scopes, expires: null }
        },
      },
      operations: {
        ticks: subscription({ access: 'caller', run: ({ user }) => tick(user.id) }),
        color: query({ access: 'public', run: ({ cookie }) => cookie('color') }),
        recolor: mutation({ access: 'public', run: ({ cookie }) => cookie('color') }),
      },
    }),
  })
  const adapter = memoryAdapter()
  await adapter.createUser({ id: 'ann' })
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: ORIGIN,
    adapter,
    session: { revalidateAge: '1s' },
    logger: { error: () => {}, warn: () => {} },
    plugins: [badge],
  })
  const { authRouter, authContext, requireScope } = createAuthRouter(auth)
  const t = initTRPC.context<ReturnType<typeof authContext>>().create({ errorFormatter: authErrorFormatter })
  const router = t.router({
    auth: authRouter,
    scoped: t.procedure.concat(requireScope('ticks')).subscription(({ ctx }) => tick(ctx.session.user.id)),
  })
  const server = createServer(createHTTPHandler({ router, createContext: authContext }))
  const sockets = new WebSocketServer({ server })
  applyWSSHandler({ wss: sockets, router, createContext: authContext })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo // it listens on a port
  /** The stream's text, at its end. */
  const read = async (path: string, after?: () => void) => {
    const response = await fetch(`http://127.0.0.1:${port}/${path}`, { headers: { 'x-badge': 'ann' } })
    let text = ''
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk
      if (chunk.includes('"ann"')) after?.()
      if (text.includes('event: serialized-error') || text.includes('event: return')) break
    }
    return text
  }
  /** What a call over a socket returns, or the kind of its error. */
  const askOverSocket = async (method: string, path: string, options: ClientOptions, accessToken?: string) => {
    const search = accessToken === undefined ? '' : '?connectionParams=1'
    const socket = new WebSocket(`ws://127.0.0.1:${port}/${search}`, options)
    closers.push(() => socket.terminate())
    await once(socket, 'open')
    if (search) socket.send(JSON.stringify({ method: 'connectionParams', data: { accessToken } }))
    socket.send(JSON.stringify({ id: 1, method, params: { path } }))
    const [message] = (await once(socket, 'message')) as [Buffer]
    const { result, error } = JSON.parse(message.toString()) as {
      result?: { data: unknown }
      error?: { data: { kind: string } }
    }
    return error ? error.data.kind : result?.data
  }
  return { lost, state, read, askOverSocket }
}

test.each(['auth.badge.ticks', 'scoped'])(
  'S13 a stream that began with a plug-in’s credential ends when that no longer counts: %s',
  async (path) => {
    const { lost, read } = await startApp()
    const text = await read(path, () => lost.add('ann'))
    expect(text).toContain('data: "ann"')
    expect(text).toContain('"kind":"InvalidToken"')
  },
)

test('S13 it ends when the credential loses the scope that its guard asks for', async () => {
  const { state, read } = await startApp()
  expect(await read('scoped', () => (state.scopes = []))).toContain('"kind":"InsufficientScope"')
})

test('S13 it goes on while the credential can’t be opened, for as long as what is known isn’t too old', async () => {
  const { state, read } = await startApp()
  const text = await read('auth.badge.ticks', () => (state.isDown = true))
  expect(text).toContain('"kind":"CallbackRouteError"')
})

test.each(['query', 'mutation'])(
  'C8 another site’s page gets no cookie of a plug-in over a socket: %s, also beside a credential that it has made up',
  async (method) => {
    const { askOverSocket } = await startApp()
    const path = method === 'query' ? 'auth.badge.color' : 'auth.badge.recolor'
    const cookie = 'latchkey.badge.color=red'
    const [evil, own] = ['http://evil.test', ORIGIN].map((origin) => ({ headers: { origin, cookie } }))
    for (const token of [undefined, 'badge nobody', 'eyJhbGciOiJkaXIiLCJ0eXAiOiJsYXRjaGtleSJ9....'])
      expect(await askOverSocket(method, path, evil ?? {}, token)).toBe('UntrustedOrigin')
    expect(await askOverSocket(method, path, own ?? {})).toBe('red')
  },
)
