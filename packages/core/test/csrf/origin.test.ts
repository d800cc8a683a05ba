import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { memoryAdapter } from '../../src/index.ts'
import { AuthError } from '../../src/errors.ts'
import { COOKIE, HTTPS_COOKIE, HTTPS_ORIGIN, makeAuth, ORIGIN, PASSWORD, passwordProvider } from '../support/auth.ts'
import { createBrowser, readKind } from '../support/browser.ts'

const ADMIN = 'https://admin.test'
const CREDENTIALS = JSON.stringify({ email: 'ann@example.com', password: PASSWORD })

/** An app over https with one more trusted origin, where every authorize is written down. */
function openApp() {
  const attempts: string[] = []
  const auth = makeAuth({
    baseUrl: HTTPS_ORIGIN,
    trustedOrigins: [ADMIN],
    claims: { org: z.string() },
    update: z.object({ org: z.string() }),
    providers: [
      passwordProvider(({ email }) => {
        attempts.push(email)
        return { id: 'ann', email }
      }),
    ],
  })
  return { auth, attempts }
}

interface Sent {
  readonly method?: string
  readonly path?: string
  /** '' isn't sent. */
  readonly origin?: string
  readonly site?: string
  readonly type?: string
  readonly cookie?: string
  readonly body?: string
}

function toRequest({
  method = 'POST',
  path = '/auth/signout',
  origin = '',
  site = '',
  type = '',
  cookie = '',
  body,
}: Sent): Request {
  const headers = { origin, 'sec-fetch-site': site, 'content-type': type, cookie }
  const sent = Object.entries(headers).filter(([, value]) => value !== '')
  const request = new Request(HTTPS_ORIGIN + path, { method, ...(body !== undefined && { body }) })
  // A body of text gives a request a content type of its own.
  request.headers.delete('content-type')
  for (const [name, value] of sent) request.headers.set(name, value)
  return request
}

const JSON_TYPE = 'application/json'
const FORM = 'application/x-www-form-urlencoded'

interface Row {
  readonly from: string
  readonly sent: Sent
  readonly accepted: boolean
}

const ROWS: readonly Row[] = [
  { from: 'our own page', sent: { origin: HTTPS_ORIGIN, site: 'same-origin', type: JSON_TYPE }, accepted: true },
  {
    from: 'a trusted page of another site',
    sent: { origin: ADMIN, site: 'cross-site', type: JSON_TYPE },
    accepted: true,
  },
  { from: 'our own page, without a body', sent: { origin: HTTPS_ORIGIN, site: 'same-origin' }, accepted: true },
  { from: 'our own form', sent: { origin: HTTPS_ORIGIN, site: 'same-origin', type: FORM }, accepted: true },
  {
    from: 'our own page, in a browser that sends no Origin',
    sent: { site: 'same-origin', type: FORM },
    accepted: true,
  },
  { from: 'the address bar', sent: { site: 'none', type: FORM }, accepted: true },
  { from: 'a script outside browsers', sent: { type: JSON_TYPE }, accepted: true },
  { from: 'a script that names a charset', sent: { type: 'application/json; charset=utf-8' }, accepted: true },
  { from: 'a script that shouts', sent: { type: 'Application/JSON' }, accepted: true },
  { from: 'another site', sent: { origin: 'https://evil.test', site: 'cross-site', type: JSON_TYPE }, accepted: false },
  {
    from: 'another site, with a form',
    sent: { origin: 'https://evil.test', site: 'cross-site', type: FORM },
    accepted: false,
  },
  {
    from: 'another site that says it is ours by fetch metadata',
    sent: { origin: 'https://evil.test', site: 'same-origin', type: JSON_TYPE },
    accepted: false,
  },
  {
    from: 'a neighbour of our site',
    sent: { origin: 'https://evil.app.test', site: 'same-site', type: JSON_TYPE },
    accepted: false,
  },
  { from: 'a neighbour that hides its Origin', sent: { site: 'same-site', type: JSON_TYPE }, accepted: false },
  { from: 'another site that hides its Origin', sent: { site: 'cross-site', type: JSON_TYPE }, accepted: false },
  { from: 'fetch metadata that does not exist', sent: { site: 'same-planet', type: JSON_TYPE }, accepted: false },
  { from: 'a sandboxed frame or a data: URL', sent: { origin: 'null', type: JSON_TYPE }, accepted: false },
  {
    from: 'a sandboxed frame, by its own account at home',
    sent: { origin: 'null', site: 'same-origin', type: JSON_TYPE },
    accepted: false,
  },
  { from: 'our host over http', sent: { origin: 'http://app.test', type: JSON_TYPE }, accepted: false },
  { from: 'our host on another port', sent: { origin: `${HTTPS_ORIGIN}:8443`, type: JSON_TYPE }, accepted: false },
  { from: 'a longer name', sent: { origin: `${HTTPS_ORIGIN}.evil.test`, type: JSON_TYPE }, accepted: false },
  { from: 'a name that ends in ours', sent: { origin: 'https://evilapp.test', type: JSON_TYPE }, accepted: false },
  { from: 'user information', sent: { origin: 'https://app.test@evil.test', type: JSON_TYPE }, accepted: false },
  { from: 'two origins', sent: { origin: `${HTTPS_ORIGIN}, https://evil.test`, type: JSON_TYPE }, accepted: false },
  { from: 'our origin with a slash', sent: { origin: `${HTTPS_ORIGIN}/`, type: JSON_TYPE }, accepted: false },
  { from: 'our origin in capitals', sent: { origin: 'HTTPS://APP.TEST', type: JSON_TYPE }, accepted: false },
  { from: 'a prefix of our origin', sent: { origin: 'https://app.tes', type: JSON_TYPE }, accepted: false },
  { from: 'this machine', sent: { origin: 'http://localhost:3000', type: JSON_TYPE }, accepted: false },
  { from: 'nowhere, with no content type', sent: {}, accepted: false },
  { from: 'nowhere, with a form', sent: { type: FORM }, accepted: false },
  { from: 'nowhere, with a multipart form', sent: { type: 'multipart/form-data; boundary=x' }, accepted: false },
  { from: 'nowhere, with text', sent: { type: 'text/plain' }, accepted: false },
  { from: 'nowhere, with text that mentions JSON', sent: { type: 'text/plain; application/json' }, accepted: false },
  { from: 'nowhere, with two content types', sent: { type: 'application/json, text/plain' }, accepted: false },
  { from: 'nowhere, with a type that begins like JSON', sent: { type: 'application/jsonp' }, accepted: false },
  { from: 'nowhere, with bytes', sent: { type: 'application/octet-stream' }, accepted: false },
]

describe('C8 T01 T02 where a request comes from', () => {
  test.each(ROWS)('sign-out from $from: accepted $accepted', async ({ sent, accepted }) => {
    const { auth } = openApp()
    const browser = createBrowser(auth, { origin: HTTPS_ORIGIN })
    await browser.signIn()
    const cookie = `${HTTPS_COOKIE}=${browser.cookies.get(HTTPS_COOKIE)}`
    const response = await auth.handler(toRequest({ ...sent, cookie }))
    expect(response.status).toBe(accepted ? 200 : 403)
    if (accepted) return
    expect(await readKind(response)).toBe('UntrustedOrigin')
    expect(response.headers.getSetCookie()).toEqual([])
  })

  test.each(ROWS)('sign-in, without a session, from $from: accepted $accepted', async ({ sent, accepted }) => {
    const { auth, attempts } = openApp()
    const path = '/auth/signin/credentials'
    const response = await auth.handler(toRequest({ ...sent, path, body: CREDENTIALS }))
    // A form of our own gets past the origin check, and then is no JSON.
    const isJson = /json/i.test(sent.type ?? '')
    expect(response.status).toBe(accepted ? (isJson ? 200 : 400) : 403)
    expect(attempts).toEqual(accepted && isJson ? ['ann@example.com'] : [])
    if (!accepted) expect(await readKind(response)).toBe('UntrustedOrigin')
  })

  test.each(ROWS)(
    "a mutation of the app's own, with our cookie, from $from: accepted $accepted",
    async ({ sent, accepted }) => {
      const { auth } = openApp()
      const browser = createBrowser(auth, { origin: HTTPS_ORIGIN })
      await browser.signIn()
      const cookie = `${HTTPS_COOKIE}=${browser.cookies.get(HTTPS_COOKIE)}`
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'REPORT']) {
        const asked = auth.getSession(toRequest({ ...sent, method, path: '/api/things', cookie }))
        if (accepted) expect((await asked)?.user.id).toBe('ann')
        else
          await expect(asked).rejects.toMatchObject({ name: 'AuthError', kind: 'UntrustedOrigin', code: 'FORBIDDEN' })
      }
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        expect((await auth.getSession(toRequest({ ...sent, method, path: '/api/things', cookie })))?.user.id).toBe(
          'ann',
        )
      }
    },
  )

  test.each(ROWS)('without a cookie nothing is asked, from $from', async ({ sent }) => {
    const { auth } = openApp()
    expect(await auth.getSession(toRequest({ ...sent, path: '/api/things' }))).toBeNull()
  })

  test.each(ROWS)('updateSession from $from: accepted $accepted', async ({ sent, accepted }) => {
    const { auth } = openApp()
    const browser = createBrowser(auth, { origin: HTTPS_ORIGIN })
    await browser.signIn()
    const cookie = `${HTTPS_COOKIE}=${browser.cookies.get(HTTPS_COOKIE)}`
    const response = await auth.handler(toRequest({ ...sent, path: '/auth/session', cookie, body: '{"org":"acme"}' }))
    const isJson = /json/i.test(sent.type ?? '')
    expect(response.status).toBe(accepted ? (isJson ? 200 : 400) : 403)
    if (!accepted) expect(response.headers.getSetCookie()).toEqual([])
  })
})

describe('C8 the check comes before anything of the body is read', () => {
  const EVIL = { origin: 'https://evil.test', site: 'cross-site' }
  const bodies = [
    { body: 'good', sent: { type: JSON_TYPE, body: CREDENTIALS } },
    { body: 'no JSON', sent: { type: JSON_TYPE, body: '{' } },
    { body: 'no object', sent: { type: JSON_TYPE, body: '[]' } },
    { body: 'too large', sent: { type: JSON_TYPE, body: 'x'.repeat(70_000) } },
    { body: 'of another type', sent: { type: 'text/plain', body: CREDENTIALS } },
    { body: 'of fields of other types', sent: { type: JSON_TYPE, body: '{"everywhere":7,"refreshToken":{}}' } },
  ]

  test.each(bodies)('a body that is $body, from elsewhere, is refused for where it comes from', async ({ sent }) => {
    const { auth, attempts } = openApp()
    const browser = createBrowser(auth, { origin: HTTPS_ORIGIN })
    await browser.signIn()
    attempts.length = 0
    const cookie = `${HTTPS_COOKIE}=${browser.cookies.get(HTTPS_COOKIE)}`
    for (const path of ['/auth/signin/credentials', '/auth/signin/nothing', '/auth/signout', '/auth/session']) {
      const response = await auth.handler(toRequest({ ...EVIL, ...sent, path, cookie }))
      expect({ path, kind: await readKind(response) }).toEqual({ path, kind: 'UntrustedOrigin' })
    }
    expect(attempts).toEqual([])
    expect((await browser.session())?.user.id).toBe('ann')
  })
})

describe('C8 R8 a refresh token in a cookie is asked for its origin, one in the body is not', () => {
  async function signInWithRefreshCookie() {
    const auth = makeAuth({ baseUrl: HTTPS_ORIGIN, trustedOrigins: [ADMIN], tokens: { enabled: true } })
    const browser = createBrowser(auth, { origin: HTTPS_ORIGIN })
    await browser.signIn(undefined, undefined, { flow: 'token', refresh: 'cookie' })
    const name = '__Secure-latchkey.refresh'
    return { auth, cookie: `${name}=${browser.cookies.get(name)}` }
  }

  test.each(ROWS)('from $from: accepted $accepted', async ({ sent, accepted }) => {
    const { auth, cookie } = await signInWithRefreshCookie()
    const response = await auth.handler(toRequest({ ...sent, path: '/auth/token', cookie }))
    expect(response.status).toBe(accepted ? 200 : 403)
  })

  test('T6 a client without a page names no origin, or a strange one', async () => {
    const auth = makeAuth({ baseUrl: HTTPS_ORIGIN, tokens: { enabled: true } })
    const browser = createBrowser(auth, { origin: HTTPS_ORIGIN })
    for (const origin of ['', 'null', 'capacitor://localhost']) {
      const { refreshToken } = (await (await browser.signIn(undefined, undefined, { flow: 'token' })).json()) as {
        refreshToken: string
      }
      const body = JSON.stringify({ refreshToken })
      const response = await auth.handler(toRequest({ origin, type: JSON_TYPE, path: '/auth/token', body }))
      expect(response.status).toBe(200)
    }
  })
})

describe('C8 without a baseUrl, while developing, this machine is trusted and nobody else', () => {
  const before = { AUTH_URL: process.env['AUTH_URL'], NODE_ENV: process.env['NODE_ENV'] }
  beforeEach(() => {
    delete process.env['AUTH_URL']
    process.env['NODE_ENV'] = 'development'
  })
  afterEach(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })

  const makeLocal = () => makeAuth({ baseUrl: undefined as never }) // as a config without the option

  test.each([
    { origin: 'http://localhost:3000', accepted: true },
    { origin: 'http://localhost:5173', accepted: true },
    { origin: 'https://localhost', accepted: true },
    { origin: 'http://127.0.0.1:8080', accepted: true },
    { origin: 'http://[::1]:8080', accepted: true },
    { origin: 'http://app.localhost:3000', accepted: true },
    { origin: 'http://localhost.evil.test', accepted: false },
    { origin: 'http://evil.test:3000', accepted: false },
    { origin: 'http://127.0.0.1.evil.test', accepted: false },
    { origin: 'http://localhost@evil.test', accepted: false },
    { origin: 'http://evil.test#.localhost', accepted: false },
    { origin: 'http://evillocalhost', accepted: false },
    { origin: 'http://192.168.0.7', accepted: false },
    { origin: 'null', accepted: false },
    { origin: 'not a URL', accepted: false },
  ])('$origin: $accepted', async ({ origin, accepted }) => {
    const response = await createBrowser(makeLocal(), { origin: 'http://localhost:3000' }).signIn()
    expect(response.status).toBe(200)
    const asked = await createBrowser(makeLocal()).post('/auth/signout', {}, { origin })
    expect(asked.status).toBe(accepted ? 200 : 403)
  })

  test('but with one, or with AUTH_URL, only that', async () => {
    const ask = async (auth: ReturnType<typeof makeAuth>) =>
      (await createBrowser(auth).post('/auth/signout', {}, { origin: 'http://localhost:5173' })).status
    expect(await ask(makeLocal())).toBe(200)
    expect(await ask(makeAuth({ baseUrl: 'http://localhost:3000' }))).toBe(403)
    process.env['AUTH_URL'] = 'http://localhost:3000'
    expect(await ask(makeLocal())).toBe(403)
  })
})

test('C8 server code that calls on its own behalf has no method, and passes', async () => {
  const auth = makeAuth({ adapter: memoryAdapter(), session: { strategy: 'database' } })
  const browser = createBrowser(auth)
  await browser.signIn()
  const response = { writability: () => 'writable' as const, setCookie: () => {}, noStore: () => {} }
  const cookie = `${COOKIE}=${browser.cookies.get(COOKIE)}`
  const as = (method: string | undefined, origin: string | null = null) =>
    auth.createContext({ method, header: (name) => ({ cookie, origin })[name] ?? null, response })
  expect(await as(undefined).sessions.list()).toHaveLength(1)
  expect(await as(undefined).sessions.revokeOthers()).toEqual({ revoked: 0 })
  // But a foreign Origin that it hands on still counts.
  await expect(as(undefined, 'https://evil.test').sessions.revokeOthers()).rejects.toBeInstanceOf(AuthError)
  await expect(as('POST').sessions.revokeOthers()).rejects.toMatchObject({ kind: 'UntrustedOrigin' })
  await expect(as('POST', ORIGIN).sessions.revokeOthers()).resolves.toEqual({ revoked: 0 })
})
