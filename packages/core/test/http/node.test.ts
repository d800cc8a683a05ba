import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { definePlugin } from '../../src/index.ts'
import { COOKIE, makeAuth, ORIGIN, PASSWORD } from '../support/auth.ts'
import { parseSetCookie, readJson, readKind } from '../support/browser.ts'
import { hangUp, readBody, sendRaw, serve } from '../support/server.ts'

const JSON_HEADERS = { 'content-type': 'application/json', origin: ORIGIN }
const CREDENTIALS = { email: 'ann@example.com', password: PASSWORD }

function signIn(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}/auth/signin/credentials`, {
    method: 'POST',
    headers: JSON_HEADERS,
    body: JSON.stringify(CREDENTIALS),
    ...init,
  })
}

function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map(parseSetCookie)
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
}

describe('toNodeHandler', () => {
  const rejections: unknown[] = []
  const remember = (reason: unknown) => void rejections.push(reason)
  beforeEach(() => void process.on('unhandledRejection', remember))
  afterEach(() => {
    process.off('unhandledRejection', remember)
    expect(rejections.splice(0)).toEqual([])
  })

  test('carries sign-in, session and sign-out over a real server', async () => {
    const { url } = await serve(makeAuth().handler)
    const cookie = cookieOf(await signIn(url))
    const session = await fetch(`${url}/auth/session`, { headers: { cookie } })
    expect(session.status).toBe(200)
    expect(session.headers.get('content-type')).toBe('application/json')
    expect(await readJson<object>(session)).toMatchObject({ user: { id: 'ann' } })
    const out = await fetch(`${url}/auth/signout`, { method: 'POST', headers: { cookie, origin: ORIGIN } })
    expect(await out.json()).toEqual({ signedOut: true })
    expect(cookieOf(out)).toBe(`${COOKIE}=`)
  })

  test('S06 writes each cookie as a header of its own', async () => {
    const auth = makeAuth({
      callbacks: { jwt: ({ token, user }) => (user ? { ...token, pad: 'x'.repeat(4_000) } : token) },
    })
    const { url } = await serve(auth.handler)
    const cookies = (await signIn(url)).headers.getSetCookie().map((header) => parseSetCookie(header).name)
    expect(cookies).toEqual([`${COOKIE}.0`, `${COOKIE}.1`, 'latchkey.device'])
  })

  test('C9 hands on the address of the peer', async () => {
    const auth = makeAuth({ limits: { signIn: { perClient: 1 } } })
    const { url } = await serve(auth.handler)
    const guess = (email: string) => signIn(url, { body: JSON.stringify({ email, password: 'wrong' }) })
    expect(await readKind(await guess('ann@example.com'))).toBe('CredentialsSignin')
    expect(await readKind(await guess('bob@example.com'))).toBe('RateLimited')
  })

  test('Express: finds the whole path where a router has taken its prefix off', async () => {
    const { url } = await serve(makeAuth().handler, (req) => {
      req.originalUrl = req.url ?? ''
      req.url = req.url?.replace('/auth', '') ?? ''
    })
    expect((await fetch(`${url}/auth/providers`)).status).toBe(200)
  })

  describe('takes a body that a parser before it has read', () => {
    test.each([
      { parser: 'express.json()', parse: (text: string) => JSON.parse(text) as unknown },
      { parser: 'express.text()', parse: (text: string) => text },
      { parser: 'express.raw()', parse: (text: string) => Buffer.from(text) },
    ])('$parser', async ({ parse }) => {
      const { url } = await serve(
        makeAuth().handler,
        async (req) => (req.body = parse((await readBody(req)).toString())),
      )
      expect(await readJson<object>(await signIn(url))).toMatchObject({ status: 'signedIn' })
    })

    test('express.urlencoded(): an endpoint reads the form as it was sent', async () => {
      const form = definePlugin({
        id: 'form',
        setup: () => ({
          endpoints: { post: { method: 'POST', run: async (_call, request) => new Response(await request.text()) } },
        }),
      })
      const parse = (text: string) => {
        const fields = new URLSearchParams(text)
        return { state: fields.get('state'), id: fields.getAll('id') }
      }
      const { url } = await serve(
        makeAuth({ plugins: [form] }).handler,
        async (req) => (req.body = parse((await readBody(req)).toString())),
      )
      const body = new URLSearchParams([
        ['state', 'a&b=ü'],
        ['id', '1'],
        ['id', '2'],
      ])
      const response = await fetch(`${url}/auth/form/post`, { method: 'POST', body })
      expect(await response.text()).toBe(body.toString())
    })

    test('Express 4 makes an empty object of no body at all', async () => {
      const { url } = await serve(makeAuth().handler, (req) => (req.body = {}))
      const response = await fetch(`${url}/auth/signout`, { method: 'POST', headers: { origin: ORIGIN } })
      expect(await response.json()).toEqual({ signedOut: true })
    })

    test.each([
      { body: 'a form, parsed', type: 'application/x-www-form-urlencoded', parsed: CREDENTIALS },
      { body: 'an array', type: 'application/json', parsed: [CREDENTIALS] },
      { body: 'null', type: 'application/json', parsed: null },
      { body: 'a number', type: 'application/json', parsed: 7 },
      { body: 'too large', type: 'application/json', parsed: { ...CREDENTIALS, pad: 'x'.repeat(65_536) } },
    ])('and refuses $body', async ({ type, parsed }) => {
      const { url } = await serve(makeAuth().handler, async (req) => {
        await readBody(req)
        req.body = parsed
      })
      const response = await signIn(url, { headers: { ...JSON_HEADERS, 'content-type': type } })
      expect(response.status).toBe(400)
      expect(await readKind(response)).toBe('InvalidInput')
    })
  })

  test('carries the bytes of an endpoint as they are', async () => {
    const image = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const code = definePlugin({
      id: 'code',
      setup: () => ({
        endpoints: {
          image: {
            method: 'GET',
            run: async () => new Response(image, { headers: { 'content-type': 'image/png', 'content-length': '256' } }),
          },
        },
      }),
    })
    const { url } = await serve(makeAuth({ plugins: [code] }).handler)
    const response = await fetch(`${url}/auth/code/image`)
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(image)
  })

  test('T10 an endpoint gets no part of a body that is too large as if it were all of it', async () => {
    const echo = definePlugin({
      id: 'echo',
      setup: () => ({
        endpoints: { post: { method: 'POST', run: async (_call, request) => new Response(await request.text()) } },
      }),
    })
    const { url } = await serve(makeAuth({ plugins: [echo] }).handler)
    const send = (length: number) => fetch(`${url}/auth/echo/post`, { method: 'POST', body: 'x'.repeat(length) })
    expect(await (await send(65_536)).text()).toHaveLength(65_536)
    expect((await send(65_537)).status).toBe(400)
    expect((await send(1_000_000)).status).toBe(400)
  })

  test('T10 answers a body that is too large instead of hanging up', async () => {
    const { url } = await serve(makeAuth().handler)
    for (const size of [65_536, 5_000_000]) {
      const response = await signIn(url, { body: JSON.stringify({ ...CREDENTIALS, pad: 'x'.repeat(size) }) })
      expect(response.status).toBe(400)
      expect(await readKind(response)).toBe('InvalidInput')
    }
  })

  test('T10 outlives clients that hang up in the middle of a body', async () => {
    const { url, port } = await serve(makeAuth().handler)
    for (const head of [
      'Content-Length: 100',
      'Transfer-Encoding: chunked',
      'Content-Length: 100\r\nExpect: 100-continue',
    ]) {
      await hangUp(port, `POST /auth/signin/credentials HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n5\r\nabc`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect((await fetch(`${url}/auth/session`)).status).toBe(200)
  })

  test('T10 outlives a handler that fails', async () => {
    const { url } = await serve(() => Promise.reject(new Error('no handler of ours does this')))
    const response = await fetch(`${url}/auth/session`)
    expect(response.status).toBe(500)
    expect(await response.text()).toBe('')
  })

  test.each([
    { request: 'a path', line: 'GET /auth/session HTTP/1.1', status: 200 },
    { request: 'a doubled slash', line: 'GET //auth/session HTTP/1.1', status: 404 },
    { request: 'another host in the path', line: 'GET //evil.example/auth/session HTTP/1.1', status: 404 },
    { request: 'user information in the path', line: 'GET /@evil.example/../auth/session HTTP/1.1', status: 200 },
    { request: 'the absolute form', line: 'GET http://evil.example/auth/session HTTP/1.1', status: 404 },
    { request: 'the asterisk', line: 'OPTIONS * HTTP/1.1', status: 404 },
    { request: 'a method that Fetch forbids', line: 'TRACE /auth/session HTTP/1.1', status: 400 },
    { request: 'a method of WebDAV', line: 'PROPFIND /auth/session HTTP/1.1', status: 404 },
    { request: 'a percent that escapes nothing', line: 'GET /auth/% HTTP/1.1', status: 404 },
    {
      request: 'bytes above ASCII in a header',
      line: 'GET /auth/session HTTP/1.1\r\nCookie: latchkey.session=\xff\xfe',
      status: 200,
    },
    {
      request: 'two cookie headers',
      line: 'GET /auth/session HTTP/1.1\r\nCookie: a=b\r\nCookie: latchkey.session=x',
      status: 200,
    },
    {
      request: 'two authorization headers',
      line: 'GET /auth/session HTTP/1.1\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b',
      status: 200,
    },
    {
      request: 'a cookie of 16 KB',
      line: `GET /auth/session HTTP/1.1\r\nCookie: ${'a=b; '.repeat(3_300)}`,
      status: 431,
    },
  ])('T10 answers $request with $status', async ({ line, status }) => {
    const { port } = await serve(makeAuth().handler)
    const answer = await sendRaw(port, `${line}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`)
    expect(answer.split(' ')[1]).toBe(String(status))
    expect(answer).not.toContain('evil')
  })
})
