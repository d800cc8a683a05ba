import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  connect,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2'
import { describe, expect, onTestFinished, test } from 'vitest'
import { COOKIE, openEngine } from './support/app.ts'

type Kit = Awaited<ReturnType<typeof openEngine>>['kit']
const SIGN_IN = { provider: 'credentials', name: 'ada', password: 'right' } as const

/** The answer of a plain Node server (no tRPC) whose handler this is. */
async function answerOf(
  handle: (kit: Kit, req: IncomingMessage, res: ServerResponse) => Promise<void>,
): Promise<Response> {
  const { kit } = await openEngine()
  const server = createServer((req, res) => void handle(kit, req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise((resolve) => void server.close(() => resolve())))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('not listening')
  return fetch(`http://127.0.0.1:${address.port}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
}

const OURS = expect.stringMatching(new RegExp(`^${COOKIE}=.+; HttpOnly; SameSite=Lax; Secure$`))
const DEVICE = expect.stringMatching(/latchkey\.device=/)

describe('however headers leave a Node response, ours are among them', () => {
  test.each<{ way: string; respond: (res: ServerResponse) => unknown }>([
    {
      way: 'implicitly',
      respond: (res) => res.setHeader('Set-Cookie', 'theme=dark').setHeader('X-App', '1').end('ok'),
    },
    {
      way: 'implicitly, in pieces',
      respond: (res) => [
        res.setHeader('set-cookie', ['theme=dark']),
        res.setHeader('x-app', 1),
        res.write('o'),
        res.end('k'),
      ],
    },
    {
      way: 'writeHead with an object',
      respond: (res) => res.writeHead(200, { 'Set-Cookie': 'theme=dark', 'x-app': 1 }).end('ok'),
    },
    {
      way: 'writeHead with a message and an object',
      respond: (res) => res.writeHead(200, 'Fine', { 'set-cookie': ['theme=dark'], 'x-app': '1' }).end('ok'),
    },
    {
      way: 'writeHead with a flat list',
      respond: (res) => res.writeHead(200, ['set-cookie', 'theme=dark', 'X-App', '1']).end('ok'),
    },
    {
      way: 'writeHead with a list of pairs',
      respond: (res) =>
        Reflect.apply(res.writeHead, res, [
          200,
          [
            ['Set-Cookie', 'theme=dark'],
            ['x-app', '1'],
          ],
        ]).end('ok'),
    },
    {
      way: 'flushHeaders',
      respond: (res) => [
        res.setHeader('set-cookie', 'theme=dark'),
        res.setHeader('x-app', '1'),
        res.flushHeaders(),
        res.end('ok'),
      ],
    },
  ])('$way', async ({ respond }) => {
    const response = await answerOf(async (kit, req, res) => {
      await kit.authContext({ req, res }).auth.signIn(SIGN_IN)
      respond(res)
    })
    expect(response.headers.getSetCookie()).toEqual(['theme=dark', OURS, DEVICE])
    expect(response.headers.get('x-app')).toBe('1')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Cookie')
    expect(await response.text()).toBe('ok')
  })

  test('a header that comes twice in a list stays two', async () => {
    const response = await answerOf(async (kit, req, res) => {
      await kit.authContext({ req, res }).auth.signIn(SIGN_IN)
      res.writeHead(200, ['set-cookie', 'a=1', 'set-cookie', 'b=2']).end()
    })
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2', OURS, DEVICE])
  })

  test.each([
    { theirs: 'Origin', vary: 'Origin, Cookie' },
    { theirs: ['Origin', 'Accept'], vary: 'Origin, Accept, Cookie' },
    { theirs: 'cookie', vary: 'cookie' },
    { theirs: '*', vary: '*' },
  ])('Vary $theirs becomes $vary', async ({ theirs, vary }) => {
    const response = await answerOf(async (kit, req, res) => {
      await kit.authContext({ req, res }).auth.session()
      res.setHeader('vary', theirs).end()
    })
    expect(response.headers.get('vary')).toBe(vary)
  })

  test('a response that nobody asked the session for is not touched', async () => {
    const response = await answerOf(async (kit, req, res) => {
      const { writeHead } = res
      kit.authContext({ req, res })
      res.end(String(res.writeHead === writeHead))
    })
    expect(await response.text()).toBe('true')
    expect(response.headers.get('vary')).toBeNull()
  })
})

test('two contexts for one response write one set of cookies, and the later word counts', async () => {
  const response = await answerOf(async (kit, req, res) => {
    const [first, second] = [kit.authContext({ req, res }), kit.authContext({ req, res })]
    await first.auth.signIn(SIGN_IN)
    await second.auth.signOut()
    res.end()
  })
  expect(response.headers.getSetCookie()).toEqual(
    expect.arrayContaining([DEVICE, expect.stringMatching(new RegExp(`^${COOKIE}=; Max-Age=0`))]),
  )
  expect(response.headers.getSetCookie()).toHaveLength(2)
})

test('once the headers are out, what must set a cookie fails before anything is written', async () => {
  const response = await answerOf(async (kit, req, res) => {
    res.write('begun, ')
    const failed: unknown = await kit
      .authContext({ req, res })
      .auth.signIn(SIGN_IN)
      .catch((error: unknown) => error)
    res.end(failed instanceof Error ? failed.message : 'signed in')
  })
  expect(await response.text()).toMatch(/^begun, ResponseCommitted: /)
})

test('HTTP/2 responses too', async () => {
  const { kit } = await openEngine()
  const server = createHttp2Server((req: Http2ServerRequest, res: Http2ServerResponse) => {
    void kit
      .authContext({ req, res })
      .auth.signIn(SIGN_IN)
      .then(() => res.end('ok'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('not listening')
  const client = connect(`http://127.0.0.1:${address.port}`)
  onTestFinished(() => void (client.close(), server.close()))
  const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const stream = client.request({ ':method': 'POST', 'content-type': 'application/json' })
    stream.on('response', resolve).on('error', reject).resume().end('{}')
  })
  expect(headers).toMatchObject({ 'set-cookie': [OURS, DEVICE], 'cache-control': 'private, no-store', vary: 'Cookie' })
})
