import { describe, expect, test } from 'vitest'
import { auditRouter } from '@latchkey/trpc'
import { createApp, openEngine, ORIGIN } from './support/app.ts'
import { type Browser, kindOf, openBrowser } from './support/browser.ts'
import { openScene, type Scene, signIn } from './support/scene.ts'
import { ADAPTER_NAMES } from './support/server.ts'

const JSON_BODY = { 'content-type': 'application/json' }
const SIGN_IN = { provider: 'credentials', name: 'ada', password: 'right' }

/** Every mutation of the auth router, with an input that it takes. */
const MUTATIONS: readonly (readonly [path: string, input: unknown])[] = [
  ['auth.signIn', SIGN_IN],
  ['auth.signOut', {}],
  ['auth.updateSession', { orgId: 'o_9' }],
  ['auth.sessions.revoke', { id: 'of nobody' }],
  ['auth.sessions.revokeOthers', undefined],
  ['auth.streamTicket', undefined],
]

function post(
  { url, browser }: Pick<Scene, 'url' | 'browser'>,
  path: string,
  input: unknown,
  headers: Record<string, string>,
) {
  return browser.fetch(`${url}/${path}`, {
    method: 'POST',
    headers: { ...JSON_BODY, ...headers },
    ...(input !== undefined && { body: JSON.stringify(input) }),
  })
}

async function readKind(response: Response): Promise<unknown> {
  const { error }: { error?: { data?: { kind?: unknown } } } = await response.json()
  return error?.data?.kind
}

/** Whether the browser is still signed in, which a refused request must not have changed. */
async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await browser.client().auth.session.query()) !== null
}

describe('C8 T02 where a request with cookies comes from', () => {
  const SAME = { origin: ORIGIN }
  const sources: readonly { from: string; headers: Record<string, string>; accepted: boolean }[] = [
    { from: 'our own pages', headers: SAME, accepted: true },
    {
      from: 'our own pages, by fetch metadata',
      headers: { origin: '', 'sec-fetch-site': 'same-origin' },
      accepted: true,
    },
    { from: 'a script that is no browser', headers: { origin: '' }, accepted: true },
    { from: 'another site', headers: { origin: 'https://evil.example' }, accepted: false },
    { from: 'a sandboxed frame', headers: { origin: 'null' }, accepted: false },
    { from: 'a page of another scheme', headers: { origin: 'http://app.example.com' }, accepted: false },
    { from: 'a page of a longer name', headers: { origin: `${ORIGIN}.evil.example` }, accepted: false },
    {
      from: 'another site, by fetch metadata',
      headers: { origin: '', 'sec-fetch-site': 'cross-site' },
      accepted: false,
    },
    {
      from: 'a sub-domain, by fetch metadata',
      headers: { origin: '', 'sec-fetch-site': 'same-site' },
      accepted: false,
    },
  ]

  describe.each(MUTATIONS)('%s', (path, input) => {
    test.each(sources)('from $from', async ({ headers, accepted }) => {
      const scene = await openScene({ as: 'ada' })
      const kind = await readKind(await post(scene, path, input, headers))
      expect(kind === 'UntrustedOrigin').toBe(!accepted)
      if (!accepted) expect(scene.engine.attempts).toEqual([])
      if (!accepted || path !== 'auth.signOut') expect(await isSignedIn(scene.browser)).toBe(true)
    })
  })

  test('C8 the check comes before the input is parsed', async () => {
    const scene = await openScene({ as: 'ada' })
    const evil = { origin: 'https://evil.example' }
    for (const [path] of MUTATIONS) {
      const broken = await scene.browser.fetch(`${scene.url}/${path}`, {
        method: 'POST',
        headers: { ...JSON_BODY, ...evil },
        body: '{"',
      })
      expect(await readKind(broken)).toBe('UntrustedOrigin')
    }
  })

  test("C8 it covers mutations of the app's own", async () => {
    const scene = await openScene({ as: 'ada' })
    const own = await post(scene, 'save', { text: 'hello' }, SAME)
    expect(await own.json()).toEqual({ result: { data: 'hello' } })
    const foreign = await post(scene, 'save', { text: 'hello' }, { origin: 'https://evil.example' })
    expect(foreign.status).toBe(403)
    expect(await readKind(foreign)).toBe('UntrustedOrigin')
  })

  test('T02 a request without cookies is nobody, wherever it comes from', async () => {
    const scene = await openScene()
    const foreign = await post(scene, 'save', { text: 'hello' }, { origin: 'https://evil.example' })
    expect(await readKind(foreign)).toBe('SessionRequired')
  })
})

describe.each(ADAPTER_NAMES)('T01 forms that a foreign page can post (%s)', (adapter) => {
  const boundary = 'x'
  const multipart = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  const form = `--${boundary}\r\nContent-Disposition: form-data; name="everywhere"\r\n\r\ntrue\r\n--${boundary}--\r\n`

  test.each([
    { what: 'multipart from another site', headers: { ...multipart, origin: 'https://evil.example' }, body: form },
    { what: 'multipart without an origin', headers: { ...multipart, origin: '' }, body: form },
    { what: 'multipart from our own page', headers: { ...multipart, origin: ORIGIN }, body: form },
    { what: 'text', headers: { 'content-type': 'text/plain', origin: '' }, body: '{}' },
    {
      what: 'urlencoded',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: '' },
      body: 'everywhere=true',
    },
    { what: 'bytes', headers: { 'content-type': 'application/octet-stream', origin: ORIGIN }, body: 'everywhere' },
  ])('$what: refused, the session lives', async ({ headers, body }) => {
    const { browser, url } = await openScene({ adapter, as: 'ada' })
    for (const path of ['auth.signOut', 'auth.updateSession', 'auth.sessions.revoke']) {
      const response = await browser.fetch(`${url}/${path}`, { method: 'POST', headers, body })
      expect([400, 403, 415]).toContain(response.status)
    }
    expect(await isSignedIn(browser)).toBe(true)
  })
})

test('T03 a mutation by GET or HEAD does nothing, a query by POST is not one', async () => {
  const { browser, url } = await openScene({ as: 'ada' })
  for (const [path] of MUTATIONS) {
    expect((await browser.fetch(`${url}/${path}?input=${encodeURIComponent('{}')}`)).status).toBe(405)
    expect((await browser.fetch(`${url}/${path}`, { method: 'HEAD' })).status).toBe(204)
  }
  for (const path of ['auth.session', 'auth.providers', 'auth.sessions.list']) {
    expect((await browser.fetch(`${url}/${path}`, { method: 'POST', headers: JSON_BODY, body: '{}' })).status).toBe(405)
  }
  expect(await isSignedIn(browser)).toBe(true)
})

describe('T07 the calls of a batch know who sent the request, not what their neighbours did', () => {
  test('signing in does not sign in the call beside it', async () => {
    const { browser } = await openScene()
    const client = browser.client('httpBatchLink')
    const [, beside] = await Promise.all([
      client.auth.signIn.mutate(SIGN_IN as never),
      kindOf(client.save.mutate({ text: 'hello' })),
    ])
    expect(browser.responses).toHaveLength(1)
    expect(beside).toBe('SessionRequired')
    expect(await client.save.mutate({ text: 'hello' })).toBe('hello')
  })

  test('signing in as another leaves the call beside it with the one who sent it', async () => {
    const { browser } = await openScene({ as: 'bob' })
    const client = browser.client('httpBatchLink')
    const [, beside] = await Promise.all([client.auth.signIn.mutate(SIGN_IN as never), client.rename.mutate()])
    expect(browser.responses).toHaveLength(1)
    expect(beside).toBe('bob')
    expect(await client.rename.mutate()).toBe('ada')
  })

  test('signing out: the call beside it was sent by someone signed in, the next one is not', async () => {
    const { browser } = await openScene({ as: 'ada' })
    const client = browser.client('httpBatchLink')
    expect(await Promise.all([client.auth.signOut.mutate(), client.save.mutate({ text: 'hello' })])).toEqual([
      { signedOut: true },
      'hello',
    ])
    expect(await kindOf(client.save.mutate({ text: 'hello' }))).toBe('SessionRequired')
  })
})

describe('T04 C9 guesses are counted per call', () => {
  test('a hundred in one request: ten are looked at', async () => {
    const { engine, browser } = await openScene()
    const client = browser.client('httpBatchLink')
    const guesses = Array.from({ length: 100 }, (_, index) =>
      kindOf(client.auth.signIn.mutate({ provider: 'credentials', name: 'ada', password: `guess ${index}` })),
    )
    const kinds = await Promise.all(guesses)
    expect(browser.responses).toHaveLength(1)
    expect(engine.attempts).toHaveLength(10)
    expect(kinds.filter((kind) => kind === 'CredentialsSignin')).toHaveLength(10)
    expect(kinds.filter((kind) => kind === 'RateLimited')).toHaveLength(90)
  })
})

describe('T10 too much', () => {
  const limits = { maxBatchSize: 10, maxBodySize: 65_536 }

  test.each<{ what: string; send: (scene: Scene) => Promise<Response> }>([
    {
      what: 'a body of 5 MB',
      send: (scene) => post(scene, 'auth.signIn', { ...SIGN_IN, name: 'a'.repeat(5_000_000) }, {}),
    },
    {
      what: 'JSON nested a hundred thousand deep',
      send: ({ browser, url }) =>
        browser.fetch(`${url}/auth.signIn`, {
          method: 'POST',
          headers: JSON_BODY,
          body: '['.repeat(100_000) + ']'.repeat(100_000),
        }),
    },
    {
      what: 'a batch of a thousand',
      send: ({ browser, url }) =>
        browser.fetch(`${url}/${Array(1_000).fill('auth.signIn').join(',')}?batch=1`, {
          method: 'POST',
          headers: JSON_BODY,
          body: '{}',
        }),
    },
    {
      what: 'a batch input of ten thousand',
      send: (scene) =>
        post(
          scene,
          'auth.signIn?batch=1',
          Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [index, {}])),
          {},
        ),
    },
  ])('$what is refused, nobody is asked', async ({ send }) => {
    const scene = await openScene({ served: limits })
    const response = await send(scene)
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    expect(scene.engine.attempts).toEqual([])
  })

  test('deep JSON is refused without any limits too', async () => {
    const scene = await openScene()
    const { browser, url } = scene
    const deep = `{"provider":"credentials","name":${'['.repeat(5_000)}${']'.repeat(5_000)}}`
    const response = await browser.fetch(`${url}/auth.signIn`, { method: 'POST', headers: JSON_BODY, body: deep })
    expect(await readKind(response)).toBe('InvalidInput')
  })

  test('ten thousand parameters change nothing', async () => {
    const { browser, url } = await openScene({ as: 'ada' })
    const query = Array.from({ length: 1_500 }, (_, index) => `p${index}=1`).join('&')
    const response = await browser.fetch(`${url}/who?${query}`)
    expect(await response.json()).toEqual({ result: { data: 'ada' } })
  })
})

test('T11 a preflight from another site is not answered with its origin', async () => {
  const { url } = await openScene({ as: 'ada' })
  for (const origin of ['https://evil.example', 'null']) {
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    }
    const response = await fetch(`${url}/auth.signOut`, { method: 'OPTIONS', headers })
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  }
})

describe('Z01 every procedure that is not public asks who calls', () => {
  const PUBLIC = [
    'auth.onSessionChange',
    'auth.providers',
    'auth.session',
    'auth.signIn',
    'auth.signOut',
    'broken',
    'open',
    'rename',
    'who',
  ]

  test('the list of public ones', async () => {
    const audit = auditRouter(createApp(await openEngine()).router)
    expect(audit.filter(({ access }) => access === 'public').map(({ path }) => path)).toEqual(PUBLIC)
  })

  test('all others refuse nobody with UNAUTHORIZED, and those for a role others with FORBIDDEN', async () => {
    const scene = await openScene()
    const audit = auditRouter(createApp(scene.engine).router).filter(({ access }) => access === 'authenticated')
    expect(audit.length).toBeGreaterThan(5)
    const call = ({ path, type }: { path: string; type: string }) =>
      type === 'query' ? scene.browser.fetch(`${scene.url}/${path}`) : post(scene, path, INPUTS.get(path), {})
    for (const entry of audit) expect([entry.path, (await call(entry)).status]).toEqual([entry.path, 401])
    await signIn(scene.browser, 'bob')
    for (const entry of audit.filter(({ roles }) => roles))
      expect([entry.path, (await call(entry)).status]).toEqual([entry.path, 403])
  })

  const INPUTS = new Map<string, unknown>([...MUTATIONS, ['save', { text: 'hello' }]])
})

describe('Z02 fields that nobody asked for', () => {
  const EXTRA = {
    userId: 'ada',
    id: 'ada',
    sub: 'ada',
    role: 'admin',
    roles: ['admin'],
    permissions: ['*'],
    emailVerified: true,
    tenantId: 'o_1',
    org: 'acme',
    sessionId: 'of ada',
    strategy: 'jwt',
    session: { user: { id: 'ada' }, roles: ['admin'] },
  }

  test('signing in with them is signing in without them', async () => {
    const { browser } = await openScene()
    const client = browser.client()
    const answer = await client.auth.signIn.mutate({
      provider: 'credentials',
      name: 'bob',
      password: 'right',
      ...EXTRA,
    })
    expect(answer).toMatchObject({
      session: { user: { id: 'bob' }, roles: ['member'], claims: { org: 'globex', orgId: 'o_2' } },
    })
    expect(await client.me.query()).toMatchObject({ user: { id: 'bob' }, roles: ['member'] })
  })

  test.each(['jwt', 'database'] as const)(
    'updateSession writes what the schema admits and nothing beside it (%s)',
    async (strategy) => {
      const { browser } = await openScene({ as: 'bob', strategy })
      const client = browser.client()
      await client.auth.updateSession.mutate({ orgId: 'o_9', ...EXTRA })
      expect(await client.me.query()).toMatchObject({
        user: { id: 'bob' },
        roles: ['member'],
        claims: { org: 'globex', orgId: 'o_9' },
      })
      expect(await kindOf(client.admin.query())).toBe('AccessDenied')
    },
  )

  test('signing out with them ends nobody else', async () => {
    const scene = await openScene({ as: 'ada' })
    const other = openBrowser(scene.url)
    await signIn(other, 'bob')
    await other.client().auth.signOut.mutate({ everywhere: true, ...EXTRA })
    expect(await isSignedIn(scene.browser)).toBe(true)
  })
})

test("S09 Z03 another person's session is not found, and lives", async () => {
  const scene = await openScene({ as: 'ada' })
  const [hers] = await scene.browser.client().auth.sessions.list.query()
  const other = openBrowser(scene.url)
  await signIn(other, 'bob')
  expect(await kindOf(other.client().auth.sessions.revoke.mutate({ id: hers!.id }))).toBe('NotFound')
  expect(await other.client().auth.sessions.revokeOthers.mutate()).toEqual({ revoked: 0 })
  expect(await isSignedIn(scene.browser)).toBe(true)
})

describe('Z04 protection stands in the procedure', () => {
  const HEADERS = {
    'x-middleware-subrequest': 'middleware:middleware:middleware',
    'x-forwarded-user': 'ada',
    'x-user-id': 'ada',
    'x-auth-user': 'ada',
    'x-roles': 'admin',
    'x-original-url': '/open',
    'x-forwarded-host': 'evil.example',
    'x-http-method-override': 'GET',
  }

  test.each(Object.entries(HEADERS))('%s changes nothing', async (name, value) => {
    const { browser, url } = await openScene({ as: 'bob' })
    expect((await browser.fetch(`${url}/admin`, { headers: { [name]: value } })).status).toBe(403)
    browser.cookies.clear()
    expect((await browser.fetch(`${url}/me`, { headers: { [name]: value } })).status).toBe(401)
  })

  test.each([
    '/me',
    '//me',
    '/%6de',
    '/me/',
    '/./me',
    '/open/../me',
    '/me?batch=1',
    '/ME',
    '/me%00',
    '/open,me?batch=1',
  ])('the path %s lets nobody in', async (path) => {
    const { url } = await openScene()
    const response = await fetch(`${url}${path}`)
    expect([400, 401, 404, 207]).toContain(response.status)
    expect(await response.text()).not.toContain('"user"')
  })
})

test('S04 signing out twice, without a session or with garbage for a cookie is fine, and clears', async () => {
  const { browser } = await openScene({ as: 'ada' })
  const client = browser.client()
  for (let time = 0; time < 2; time++) expect(await client.auth.signOut.mutate()).toEqual({ signedOut: true })
  browser.cookies.set('__Host-latchkey.session', 'garbage')
  expect(await client.auth.signOut.mutate()).toEqual({ signedOut: true })
  expect(browser.cookies.size).toBe(0)
})
