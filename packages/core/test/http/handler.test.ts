import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Auth, AuthError, memoryAdapter } from '../../src/index.ts'
import { COOKIE, makeAuth, openLog, ORIGIN, PASSWORD, passwordProvider } from '../support/auth.ts'
import { createBrowser, readJson, readKind } from '../support/browser.ts'
import { describeVectors } from '../support/vectors.ts'

const SIGN_IN = '/auth/signin/credentials'
const CREDENTIALS = { email: 'ann@example.com', password: PASSWORD }

function send(
  auth: Auth,
  method: string,
  path: string,
  init: { readonly body?: BodyInit; readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  const headers = { origin: ORIGIN, 'content-type': 'application/json', ...init.headers }
  return auth.handler(new Request(ORIGIN + path, { method, ...init, headers }))
}

describe('auth.handler: paths and methods', () => {
  test.each([
    { method: 'GET', path: '/auth/session', status: 200 },
    { method: 'HEAD', path: '/auth/session', status: 200 },
    { method: 'GET', path: '/auth/providers', status: 200 },
    { method: 'GET', path: '/auth/session?_=1', status: 200 },
    { method: 'GET', path: '/x/../auth/session', status: 200 },
    { method: 'GET', path: '/auth', status: 404 },
    { method: 'GET', path: '/auth/', status: 404 },
    { method: 'GET', path: '/', status: 404 },
    { method: 'GET', path: '/session', status: 404 },
    { method: 'GET', path: '/authsession', status: 404 },
    { method: 'GET', path: '/auth/session/', status: 404 },
    { method: 'GET', path: '/auth/session/x', status: 404 },
    { method: 'GET', path: '/auth//session', status: 404 },
    { method: 'GET', path: '//auth/session', status: 404 },
    { method: 'GET', path: '/auth/%73ession', status: 404 },
    { method: 'GET', path: '/auth/Session', status: 404 },
    { method: 'GET', path: '/AUTH/session', status: 404 },
    { method: 'GET', path: '/auth/%2e%2e/auth/session', status: 200 },
    { method: 'GET', path: '/auth/%', status: 404 },
    { method: 'GET', path: '/auth/__proto__', status: 404 },
    { method: 'GET', path: '/auth/constructor', status: 404 },
    { method: 'GET', path: '/auth/toString', status: 404 },
    { method: 'GET', path: '/auth/*', status: 404 },
    { method: 'GET', path: '/auth/signin/*', status: 404 },
    { method: 'GET', path: SIGN_IN, status: 404 },
    { method: 'GET', path: '/auth/signout', status: 404 },
    { method: 'GET', path: '/auth/token', status: 404 },
    { method: 'HEAD', path: '/auth/signout', status: 404 },
    { method: 'PUT', path: '/auth/signout', status: 404 },
    { method: 'DELETE', path: '/auth/session', status: 404 },
    { method: 'OPTIONS', path: '/auth/session', status: 404 },
    { method: 'POST', path: '/auth/providers', status: 404 },
    { method: 'POST', path: '/auth/signout/', status: 404 },
    { method: 'POST', path: '/auth/signin', status: 404 },
    { method: 'POST', path: '/auth/signins', status: 404 },
    { method: 'POST', path: '/auth/signin/', status: 400 },
    { method: 'POST', path: '/auth/signin/*', status: 400 },
    { method: 'POST', path: '/auth/signin/nobody', status: 400 },
    { method: 'POST', path: '/auth/signin/cred%65ntials', status: 400 },
    { method: 'POST', path: '/auth/signin/__proto__', status: 400 },
    { method: 'POST', path: '/auth/signin/credentials/x', status: 404 },
    { method: 'POST', path: '/auth/token', status: 404 },
  ])('T03 $method $path: $status', async ({ method, path, status }) => {
    const response = await send(makeAuth(), method, path)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.getSetCookie()).toEqual([])
    if (method !== 'HEAD' && status >= 400)
      expect(await readKind(response)).toBe(status === 404 ? 'NotFound' : 'InvalidInput')
  })

  test('T03 queries change nothing by POST, mutations nothing by GET, whatever overrides the method', async () => {
    const auth = makeAuth()
    const browser = createBrowser(auth)
    await browser.signIn()
    for (const path of ['/auth/signout', '/auth/signout?_method=POST', '/auth/signout?method=POST']) {
      await browser.get(path, {
        'x-http-method-override': 'POST',
        'x-method-override': 'POST',
        'x-http-method': 'POST',
      })
    }
    expect((await browser.session())?.user.id).toBe('ann')
  })

  test.each(['/api/auth', '/a/b/c', '/auth/', '/a.b~c-d_e', '/'])('answers under basePath %s', async (basePath) => {
    const auth = makeAuth({ basePath })
    const mounted = basePath.replace(/\/$/, '')
    expect((await send(auth, 'GET', `${mounted}/session`)).status).toBe(200)
    expect((await send(auth, 'GET', `/elsewhere${mounted}/session`)).status).toBe(404)
  })

  test('T11 answers no preflight and grants no origin', async () => {
    for (const origin of ['https://evil.test', 'null', ORIGIN]) {
      const headers = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      }
      const response = await makeAuth().handler(new Request(`${ORIGIN}/auth/signout`, { method: 'OPTIONS', headers }))
      expect(response.status).toBe(404)
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })

  test('Z04 headers that claim to be internal change nothing', async () => {
    const headers = {
      'x-middleware-subrequest': 'middleware:middleware:middleware',
      'x-forwarded-user': 'ann',
      'x-user-id': 'ann',
      'x-forwarded-host': 'evil.test',
      'x-original-url': '/auth/signout',
      'x-rewrite-url': '/auth/signout',
      forwarded: 'for=127.0.0.1;host=evil.test',
      host: 'evil.test',
    }
    const response = await send(makeAuth(), 'GET', '/auth/session', { headers })
    expect(response.status).toBe(200)
    expect(await response.json()).toBeNull()
  })
})

describe('auth.handler: bodies', () => {
  const JSON_TYPE = { 'content-type': 'application/json' }
  const good = JSON.stringify(CREDENTIALS)

  test.each([
    { body: 'a good one', text: good, headers: JSON_TYPE, status: 200 },
    {
      body: 'a good one with a charset',
      text: good,
      headers: { 'content-type': 'application/json;charset=UTF-8' },
      status: 200,
    },
    { body: 'one of 64 KiB less a byte', text: good.padEnd(65_535), headers: JSON_TYPE, status: 200 },
    { body: 'one of 64 KiB', text: good.padEnd(65_536), headers: JSON_TYPE, status: 200 },
    { body: 'one of 64 KiB and a byte', text: good.padEnd(65_537), headers: JSON_TYPE, status: 400 },
    { body: 'one of 5 MB', text: good.padEnd(5_000_000), headers: JSON_TYPE, status: 400 },
    {
      body: 'one whose bytes are too many, not its characters',
      text: `{"email":"${'ä'.repeat(33_000)}"}`,
      headers: JSON_TYPE,
      status: 400,
    },
    { body: 'no JSON', text: '{"email":', headers: JSON_TYPE, status: 400 },
    { body: 'JSON twice', text: good + good, headers: JSON_TYPE, status: 400 },
    { body: 'a list', text: `[${good}]`, headers: JSON_TYPE, status: 400 },
    { body: 'a string', text: '"x"', headers: JSON_TYPE, status: 400 },
    { body: 'null', text: 'null', headers: JSON_TYPE, status: 400 },
    { body: 'a number', text: '1', headers: JSON_TYPE, status: 400 },
    {
      body: 'a form',
      text: 'email=ann@example.com&password=right',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      status: 400,
    },
    { body: 'JSON called text', text: good, headers: { 'content-type': 'text/plain' }, status: 400 },
    { body: 'JSON called bytes', text: good, headers: { 'content-type': 'application/octet-stream' }, status: 400 },
    { body: 'JSON of another type', text: good, headers: { 'content-type': 'application/jsonp' }, status: 400 },
    {
      body: 'JSON with two types',
      text: good,
      headers: { 'content-type': 'application/json, text/plain' },
      status: 400,
    },
    { body: 'lists 30,000 deep', text: '['.repeat(30_000) + ']'.repeat(30_000), headers: JSON_TYPE, status: 400 },
    {
      body: 'objects 10,000 deep',
      text: `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
      headers: JSON_TYPE,
      status: 400,
    },
    {
      body: 'a deep field',
      text: `{"email":${'['.repeat(30_000)}${']'.repeat(30_000)},"password":"right"}`,
      headers: JSON_TYPE,
      status: 400,
    },
    {
      body: 'fields of other types',
      text: '{"email":{"toString":1},"password":["right"]}',
      headers: JSON_TYPE,
      status: 400,
    },
    { body: 'nothing', text: '', headers: JSON_TYPE, status: 400 },
    { body: 'no UTF-8', text: Buffer.from([0x7b, 0xff, 0x7d]), headers: JSON_TYPE, status: 400 },
    { body: 'a NUL', text: '\0', headers: JSON_TYPE, status: 400 },
  ])('T10 $body: $status', async ({ text, headers, status }) => {
    const { logger, lines } = openLog()
    const response = await send(makeAuth({ logger }), 'POST', SIGN_IN, { body: text, headers })
    expect(response.status).toBe(status)
    if (status === 400) expect(await readKind(response)).toBe('InvalidInput')
    // What a stranger sends wrong is no line in the server's log.
    expect(lines).toEqual([])
  })

  test('T10 a body that breaks off is no failure of ours, and no line in the log', async () => {
    const { logger, lines } = openLog()
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"email":'))
        controller.error(new Error('the client hung up'))
      },
    })
    // Node wants to be told that a streamed body goes one way first.
    const init = {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { origin: ORIGIN, 'content-type': 'application/json' },
    }
    const response = await makeAuth({ logger }).handler(new Request(ORIGIN + SIGN_IN, init))
    expect(response.status).toBe(400)
    expect(lines).toEqual([])
  })

  test('T10 a body without an end is not read to it', async () => {
    let sent = 0
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 1_024
        controller.enqueue(new Uint8Array(1_024).fill(32))
      },
    })
    const init = {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { origin: ORIGIN, 'content-type': 'application/json' },
    }
    const response = await makeAuth().handler(new Request(ORIGIN + SIGN_IN, init))
    expect(response.status).toBe(400)
    expect(sent).toBeLessThan(100_000)
  })

  test('T10 a body that a middleware has read is a mistake in the app: an error, and in the log', async () => {
    const { logger, lines } = openLog()
    const request = new Request(ORIGIN + SIGN_IN, {
      method: 'POST',
      body: good,
      headers: { origin: ORIGIN, 'content-type': 'application/json' },
    })
    await request.text()
    expect((await makeAuth({ logger }).handler(request)).status).toBe(500)
    expect(lines).toHaveLength(1)
  })

  test.each([
    { body: { everywhere: 'yes' }, status: 400 },
    { body: { everywhere: 1 }, status: 400 },
    { body: { everywhere: null }, status: 400 },
    { body: { refreshToken: 7 }, status: 400 },
    { body: { everywhere: false }, status: 200 },
    { body: { more: 'fields' }, status: 200 },
    { body: {}, status: 200 },
  ])('sign-out with $body: $status', async ({ body, status }) => {
    expect((await createBrowser(makeAuth()).signOut(body)).status).toBe(status)
  })

  test('Z02 fields that nobody asked for have no effect', async () => {
    const auth = makeAuth({ roles: ['member', 'admin'], claims: { org: z.string() } })
    const browser = createBrowser(auth)
    const more = {
      userId: 'root',
      id: 'root',
      sub: 'root',
      user: { id: 'root' },
      role: 'admin',
      roles: ['admin'],
      token: { sub: 'root' },
      claims: { org: 'acme' },
      org: 'acme',
      permissions: ['*'],
      emailVerified: true,
      isNewUser: true,
      provider: 'nobody',
      account: { provider: 'nobody' },
      sessionId: 'mine',
      authTime: 0,
      trigger: 'update',
      stored: {},
      flow: 'cookie',
    }
    expect((await browser.signIn('ann@example.com', PASSWORD, more)).status).toBe(200)
    expect(await browser.session()).toMatchObject({ user: { id: 'ann' }, roles: [], claims: {} })
  })
})

describeVectors('T09 attack-lists/proto.json', (read) => {
  const attack = z.object({
    body: z.string().optional(),
    path: z.string().optional(),
    superjson: z.unknown().optional(),
    formdata: z.unknown().optional(),
    batchInput: z.unknown().optional(),
  })
  const { cases } = read('attack-lists/proto.json', z.object({ cases: z.array(attack) }))
  const attacks = cases.map(({ body, path, superjson, formdata, batchInput }) => ({
    path: path ?? '',
    text: body ?? JSON.stringify(superjson ?? formdata ?? batchInput ?? {}),
  }))

  test.each(attacks)('$path $text pollutes nothing and fails nothing', async ({ path, text }) => {
    const before = Object.getOwnPropertyNames(Object.prototype).join()
    const auth = makeAuth({
      adapter: memoryAdapter(),
      tokens: { enabled: true },
      claims: { org: z.string() },
      update: z.object({ org: z.string() }),
    })
    const browser = createBrowser(auth)
    await browser.signIn()
    const merged = JSON.stringify(CREDENTIALS).replace('}', ',') + text.slice(1)
    for (const target of [
      '/auth/signin/credentials',
      '/auth/session',
      '/auth/signout',
      '/auth/token',
      `/auth/${path}`,
      `/auth/signin/${path}`,
    ]) {
      for (const body of [text, merged]) {
        const response = await browser.post(target, body)
        expect(response.status).toBeLessThan(500)
      }
    }
    expect((await browser.get(`/auth/${path}`)).status).toBeLessThan(500)
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before)
  })
})

describe('T08 what fails inside stays inside', () => {
  const SECRETS = ['duplicate key value', 'users_email_key', 'bob@x.test', '/srv/app/db.ts', 'SELECT', 'hunter2']
  const leak = () => {
    const error = new Error(
      `duplicate key value violates unique constraint "users_email_key" (email)=(bob@x.test) SELECT`,
    )
    error.stack = 'Error: hunter2\n    at /srv/app/db.ts:7'
    return Object.assign(error, { code: '23505', detail: 'hunter2', cause: new Error('hunter2') })
  }
  const fail = () => {
    throw leak()
  }

  const rows: readonly {
    readonly where: string
    readonly auth: Parameters<typeof makeAuth>[0]
    readonly kind: string
  }[] = [
    { where: 'authorize', auth: { providers: [passwordProvider(fail)] }, kind: 'CallbackRouteError' },
    { where: 'callbacks.signIn', auth: { callbacks: { signIn: fail } }, kind: 'CallbackRouteError' },
    { where: 'callbacks.resolveUser', auth: { callbacks: { resolveUser: fail } }, kind: 'CallbackRouteError' },
    { where: 'callbacks.jwt', auth: { callbacks: { jwt: fail } }, kind: 'CallbackRouteError' },
    { where: 'callbacks.session', auth: { callbacks: { session: fail } }, kind: 'CallbackRouteError' },
    {
      where: 'callbacks.redirect',
      auth: { callbacks: { signIn: () => '/x', redirect: fail } },
      kind: 'CallbackRouteError',
    },
    {
      where: 'what a callback threw that is no Error',
      auth: {
        callbacks: {
          signIn: () => {
            throw 'hunter2'
          },
        },
      },
      kind: 'CallbackRouteError',
    },
    {
      where: 'what a callback rejects with',
      auth: { callbacks: { signIn: () => Promise.reject(leak()) } },
      kind: 'CallbackRouteError',
    },
    {
      where: 'an AuthError with a detail',
      auth: {
        callbacks: {
          signIn: () => {
            throw new AuthError('AccessDenied', { detail: 'hunter2', cause: leak() })
          },
        },
      },
      kind: 'AccessDenied',
    },
    {
      where: 'the adapter',
      auth: { adapter: { ...memoryAdapter(), getUser: () => Promise.reject(leak()) } },
      kind: 'AdapterError',
    },
    {
      where: 'an adapter that throws at once',
      auth: { adapter: { ...memoryAdapter(), createSession: fail } },
      kind: 'AdapterError',
    },
  ]

  test.each(rows)('$where: $kind, masked', async ({ auth, kind }) => {
    const { logger, lines } = openLog()
    const browser = createBrowser(makeAuth({ ...auth, logger }))
    const response = await browser.signIn()
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ error: { kind } })
    for (const secret of SECRETS) expect(text).not.toContain(secret)
    const fields = kind === 'AdapterError' ? ['kind', 'code', 'message', 'retryAfter'] : ['kind', 'code', 'message']
    expect(Object.keys((JSON.parse(text) as { error: object }).error)).toEqual(fields)
    expect(browser.cookies.has(COOKIE)).toBe(false)
    // Whole, for the server's own eyes.
    if (response.status >= 500) expect(lines.map(({ cause }) => cause)).toEqual([expect.any(Error)])
  })

  test.each([
    { session: 'that JSON cannot carry', more: { big: 1n } },
    { session: 'whose toJSON fails', more: { toJSON: fail } },
  ])('a shaped session $session: an error, masked', async ({ more }) => {
    const { logger, lines } = openLog()
    const auth = makeAuth({ logger, callbacks: { session: ({ session }) => ({ ...session, more }) } })
    const response = await createBrowser(auth).signIn()
    expect(response.status).toBe(500)
    expect(await readKind(response)).toBe('CallbackRouteError')
    expect(lines).toHaveLength(1)
  })

  test('O8 an event that fails or hangs fails no flow', async () => {
    const { logger, lines } = openLog()
    const events = {
      signIn: fail,
      session: () => new Promise<void>(() => {}),
      signOut: () => Promise.reject(leak()),
      createUser: fail,
    }
    const browser = createBrowser(
      makeAuth({ adapter: memoryAdapter(), session: { strategy: 'database' }, events, logger }),
    )
    expect((await browser.signIn()).status).toBe(200)
    expect((await browser.signOut()).status).toBe(200)
    expect(lines.map(({ message }) => message).toSorted()).toEqual([
      'events.createUser failed',
      'events.signIn failed',
      'events.signOut failed',
    ])
  })
})

describe('C4 what clients see', () => {
  test('of providers: id, name and type', async () => {
    const response = await send(makeAuth(), 'GET', '/auth/providers')
    expect(await response.json()).toEqual([{ id: 'credentials', name: 'Credentials', type: 'credentials' }])
  })

  test('of errors: kind and message, and where it helps retryAfter', async () => {
    const response = await send(makeAuth(), 'POST', SIGN_IN, {
      body: JSON.stringify({ ...CREDENTIALS, password: 'wrong' }),
    })
    expect(response.status).toBe(401)
    expect(await readJson<object>(response)).toEqual({
      error: {
        kind: 'CredentialsSignin',
        code: 'UNAUTHORIZED',
        message: 'CredentialsSignin: The credentials are not right.',
      },
    })
  })
})

describe('an answer that JSON cannot carry', () => {
  const shapes = { accepted: { fine: 7 }, 'a BigInt': { seen: 7n }, 'what toJSON throws on': { toJSON: () => fail() } }
  const fail = () => {
    throw new Error('no JSON of this')
  }

  test.each(Object.entries(shapes))('%s: a failed sign-in sets no cookie and is logged', async (name, extra) => {
    const log = openLog()
    const auth = makeAuth({
      providers: [passwordProvider()],
      logger: log.logger,
      callbacks: { session: ({ session }) => ({ ...session, extra }) },
    })
    const response = await send(auth, 'POST', SIGN_IN, { body: JSON.stringify(CREDENTIALS) })
    if (name === 'accepted') {
      expect([response.status, response.headers.getSetCookie()]).toEqual([
        200,
        [expect.stringContaining(COOKIE), expect.stringContaining('latchkey.device')],
      ])
      return
    }
    expect([response.status, response.headers.getSetCookie()]).toEqual([500, []])
    expect(await readKind(response)).toBe('CallbackRouteError')
    expect(log.lines).toHaveLength(1)
  })
})
