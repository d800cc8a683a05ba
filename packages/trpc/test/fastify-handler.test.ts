import { createAuth, credentials, definePlugin } from '@latchkey/core'
import { toNodeHandler } from '@latchkey/core/node'
import { createAuthRouter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import fastify from 'fastify'
import { expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'

const ORIGIN = 'http://app.test'
const makeAuth = () =>
  createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: ORIGIN,
    logger: { error: () => {}, warn: () => {} },
    limits: { signIn: { perClient: 2 } },
    providers: [
      credentials({
        input: z.object({ name: z.string(), password: z.string() }),
        identify: ({ name }) => name,
        authorize: ({ name, password }) => (password === 'right' ? { id: name, name } : null),
      }),
    ],
    callbacks: { jwt: ({ token, user }) => (user ? { ...token, pad: 'x'.repeat(4_000) } : token) },
  })

type Server = ReturnType<typeof fastify>

async function listen(server: Server): Promise<string> {
  onTestFinished(() => server.close())
  return `${await server.listen({ host: '127.0.0.1', port: 0 })}/auth`
}

function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { origin: ORIGIN, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

const ADA = { name: 'ada', password: 'right' }

test("M40 Fastify's /auth mount signs in, reads and signs out, beside the app's hooks and its tRPC", async () => {
  const auth = makeAuth()
  const server = fastify()
  server.addHook('onRequest', async (_request, reply) => void reply.header('x-app', 'hook'))
  server.all('/auth/*', toNodeHandler(auth.handler))
  const t = initTRPC.context<ReturnType<ReturnType<typeof createAuthRouter>['authContext']>>().create()
  const kit = createAuthRouter(auth)
  await server.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: { router: t.router({ auth: kit.authRouter }), createContext: kit.authContext },
  })
  const url = await listen(server)

  const signedIn = await post(`${url}/signin/credentials`, ADA)
  expect([signedIn.status, signedIn.headers.get('x-app')]).toEqual([200, 'hook'])
  expect(signedIn.headers.getSetCookie()).toHaveLength(3)
  const cookie = signedIn.headers
    .getSetCookie()
    .map((header) => header.split(';')[0])
    .join('; ')
  const session = await fetch(`${url}/session`, { headers: { cookie } })
  expect(await session.json()).toMatchObject({ user: { id: 'ada' } })
  const signedOut = await fetch(`${url}/signout`, { method: 'POST', headers: { cookie, origin: ORIGIN } })
  expect(await signedOut.json()).toEqual({ signedOut: true })
})

test('M40 refusals keep their status and kind, and failed attempts are counted by the address of the peer', async () => {
  const server = fastify()
  server.all('/auth/*', toNodeHandler(makeAuth().handler))
  const url = await listen(server)
  const guess = async (name: string, headers?: Readonly<Record<string, string>>) => {
    const response = await post(`${url}/signin/credentials`, { name, password: 'wrong' }, headers)
    return [response.status, ((await response.json()) as { error: { kind: string } }).error.kind]
  }
  expect((await post(`${url}/signin/credentials`, ADA)).status).toBe(200)
  expect(await guess('ada', { origin: 'https://evil.test' })).toEqual([403, 'UntrustedOrigin'])
  expect(await guess('ada')).toEqual([401, 'CredentialsSignin'])
  expect(await guess('bob')).toEqual([401, 'CredentialsSignin'])
  expect(await guess('eve')).toEqual([429, 'RateLimited'])
  expect((await fetch(`${url}/nothing`)).status).toBe(404)
})

test('M40 what Fastify has parsed already is not there in its raw request: the log says what to pass', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => error.mockRestore())
  const server = fastify()
  const handler = toNodeHandler(makeAuth().handler)
  server.all('/auth/*', (request, reply) => void handler(request.raw, reply.raw))
  const url = await listen(server)
  expect((await fetch(`${url}/session`)).status).toBe(200)
  expect((await post(`${url}/signin/credentials`, ADA)).status).toBe(500)
  expect(error.mock.calls.map(String)).toEqual([expect.stringContaining("pass Fastify's own request and reply")])
})

test('Fastify sends the bytes of a plug-in’s endpoint as they are', async () => {
  const image = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const code = definePlugin({
    id: 'code',
    setup: () => ({
      endpoints: {
        image: { method: 'GET', run: async () => new Response(image, { headers: { 'content-type': 'image/png' } }) },
      },
    }),
  })
  const { handler } = createAuth({ secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa', baseUrl: ORIGIN, plugins: [code] })
  const server = fastify()
  server.all('/auth/*', toNodeHandler(handler))
  const response = await fetch(`${await listen(server)}/code/image`)
  expect(response.headers.get('content-type')).toBe('image/png')
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(image)
})
