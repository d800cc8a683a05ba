import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getRaw, mutate, query, signIn } from './support/http.ts'
import { ADA, BEN, type Demo, makeDataFolder, startDemo, STRATEGIES } from './support/server.ts'

const ASSETS = fileURLToPath(new URL('../dist/client/assets', import.meta.url))

describe.each(STRATEGIES)("the demo's server, sessions by %s", (strategy) => {
  let folder: Awaited<ReturnType<typeof makeDataFolder>>
  let demo: Demo

  beforeAll(async () => {
    folder = await makeDataFolder()
    demo = await startDemo({ strategy, dataFolder: folder.path })
  })

  afterAll(async () => {
    await demo?.stop()
    await folder?.remove()
  })

  test('it prints where it is and who can sign in', () => {
    expect(demo.output()).toContain(demo.url)
    for (const { email, password } of [ADA, BEN]) expect(demo.output()).toMatch(new RegExp(`${email} +${password}`))
  })

  test('P01 a wrong password and an unknown e-mail get the same answer', async () => {
    const [wrong, unknown] = await Promise.all(
      [BEN.email, 'nobody@example.com'].map((email) =>
        mutate(demo.url, 'auth.signIn', { input: { provider: 'password', email, password: 'guess' } }),
      ),
    )
    expect(wrong).toMatchObject({ status: 401, kind: 'CredentialsSignin' })
    expect(unknown).toEqual(wrong)
  })

  test('an e-mail is the same in capitals', async () => {
    expect(await signIn(demo.url, { ...ADA, email: 'ADA@Example.com' })).toContain('latchkey.session=')
  })

  test('J16 a session moves to another of the person’s organisations, and to no one else’s', async () => {
    const cookie = await signIn(demo.url, BEN)
    const moved = await mutate(demo.url, 'auth.updateSession', { cookie, input: { orgId: 'harbour' } })
    expect(moved).toMatchObject({ status: 200, data: { orgName: 'Harbour Studio', claims: { orgId: 'harbour' } } })
    const foreign = await mutate(demo.url, 'auth.updateSession', { cookie, input: { orgId: 'elsewhere' } })
    expect(foreign).toMatchObject({ status: 403, kind: 'AccessDenied' })
  })

  test('S7 the server knows more of a session than its client gets', async () => {
    const cookie = await signIn(demo.url, BEN)
    const { data: shaped } = await query(demo.url, 'auth.session', { cookie })
    const { data: known } = await query(demo.url, 'whoami', { cookie })
    expect(shaped).toEqual({
      user: { id: expect.any(String), name: 'Ben Okafor', email: BEN.email, image: null },
      roles: ['member'],
      claims: expect.objectContaining({ orgId: 'northwind' }),
      expires: expect.any(Date),
      orgName: 'Northwind Press',
    })
    expect(known).toMatchObject({ session: { strategy }, claimNames: expect.arrayContaining(['sessionId', 'jti']) })
  })

  test.each([
    { path: 'whoami', code: 401, kind: 'SessionRequired' },
    { path: 'members', code: 401, kind: 'SessionRequired' },
    { path: 'organisations', code: 401, kind: 'SessionRequired' },
    { path: 'admin.people', code: 401, kind: 'SessionRequired' },
    { path: 'about', code: 200, kind: null },
  ])('Z01 $path answers $code to nobody', async ({ path, code, kind }) => {
    expect(await query(demo.url, path)).toMatchObject({ status: code, kind })
  })

  test('C8 another site cannot use the cookie', async () => {
    const headers = {
      cookie: await signIn(demo.url, BEN),
      origin: 'https://evil.example',
      'content-type': 'application/json',
    }
    const response = await fetch(`${demo.url}/trpc/auth.signOut`, { method: 'POST', headers, body: '{"json":{}}' })
    expect(response.status).toBe(403)
    expect(response.headers.has('access-control-allow-origin')).toBe(false)
    expect(await query(demo.url, 'whoami', headers)).toMatchObject({ status: 200 })
  })

  test('M44 no answer tells where the server’s code is, whatever is wrong with the request', async () => {
    const cookie = await signIn(demo.url, BEN)
    const post = { method: 'POST', headers: { cookie, origin: demo.url, 'content-type': 'application/json' } }
    const answers = await Promise.all(
      [
        ['/trpc/whoami', {}],
        ['/trpc/nowhere', {}],
        ['/trpc/admin.people', { headers: { cookie } }],
        ['/trpc/auth.signIn', { ...post, body: '{"json":' }],
        ['/trpc/auth.signIn', { ...post, body: '{"json":{"provider":"password","email":1}}' }],
        ['/trpc/auth.updateSession', { ...post, body: '{"json":{"orgId":"elsewhere"}}' }],
        ['/trpc/auth.token', { ...post, body: '{"json":{"refreshToken":"x"}}' }],
        [`/trpc/${Array(11).fill('about').join(',')}?batch=1`, {}],
        ['/trpc/about?batch=1&input=%7B', {}],
        ['/trpc/', {}],
        ['/auth/nowhere', {}],
        ['/auth/signin/password', { ...post, body: '{' }],
        ['/%E0%A4%A', {}],
      ].map(async ([path, init]) => {
        const response = await fetch(`${demo.url}${path as string}`, init as RequestInit) // as they stand above
        return { path, status: response.status, body: await response.text() }
      }),
    )
    expect(answers.filter(({ status }) => status >= 400).length).toBeGreaterThan(9)
    for (const { path, body } of answers)
      expect(body, path as string).not.toMatch(/"stack"|node_modules|file:\/\/|\n? +at /)
  })

  test('M44 a port that is in use is said in a sentence, with the fix', async () => {
    const port = Number(new URL(demo.url).port)
    const second = startDemo({ strategy, dataFolder: folder.path, port })
    await expect(second).rejects.toThrow(
      `Port ${port} is in use. Stop what listens there, or take another: PORT=3001 npm run demo`,
    )
    await expect(second).rejects.not.toThrow(/EADDRINUSE|\n +at /)
  })

  test('T10 a request carries ten calls and 32 KiB at most', async () => {
    const batch = (calls: number) => fetch(`${demo.url}/trpc/${Array(calls).fill('about').join(',')}?batch=1`)
    expect((await batch(10)).status).toBe(200)
    expect((await batch(11)).status).toBe(400)
    const post = (bytes: number) =>
      mutate(demo.url, 'auth.signIn', {
        input: { provider: 'password', email: BEN.email, password: 'x'.repeat(bytes) },
      })
    expect((await post(200)).status).toBe(401)
    expect((await post(33 * 1024)).status).toBe(413)
  })

  test('it starts again on the same data: nothing is lost, nobody is signed out, and a signal ends it cleanly', async () => {
    const cookie = await signIn(demo.url, ADA)
    expect(await demo.stop()).toBe(0)
    demo = await startDemo({ strategy, dataFolder: folder.path })
    expect(await query(demo.url, 'admin.people', { cookie })).toMatchObject({ status: 200, data: { length: 5 } })
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s while a connection idles ends it too', async (signal) => {
    await fetch(demo.url)
    expect(await demo.stop(signal)).toBe(0)
    demo = await startDemo({ strategy, dataFolder: folder.path })
  })
})

describe("the demo's pages", () => {
  let folder: Awaited<ReturnType<typeof makeDataFolder>>
  let demo: Demo
  let secure: Demo

  beforeAll(async () => {
    folder = await makeDataFolder()
    demo = await startDemo({ strategy: 'jwt', dataFolder: folder.path })
    secure = await startDemo({ strategy: 'jwt', dataFolder: folder.path, env: { AUTH_URL: 'https://demo.example' } })
  })

  afterAll(async () => {
    await Promise.all([demo?.stop(), secure?.stop()])
    await folder?.remove()
  })

  const paths = ['/', '/members', '/favicon.svg', '/assets/nothing.js', '/auth/session', '/trpc/about']

  test.each(paths)('T15 %s comes with the headers that protect it', async (path) => {
    const { headers } = await fetch(demo.url + path)
    expect(headers.get('content-security-policy')).toContain(`frame-ancestors 'none'`)
    expect(headers.get('content-security-policy')).toContain(`default-src 'self'`)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.has('strict-transport-security')).toBe(false)
    expect((await fetch(secure.url + path)).headers.get('strict-transport-security')).toMatch(/^max-age=31536000/)
  })

  test.each(['/auth/session', '/auth/providers', '/auth/nothing'])('T15 %s is JSON', async (path) => {
    expect((await fetch(demo.url + path)).headers.get('content-type')).toMatch(/^application\/json/)
  })

  test('S06 over https the cookie is Secure and bound to its host', async () => {
    const headers = { origin: 'https://demo.example', 'content-type': 'application/json' }
    const body = JSON.stringify({ json: { provider: 'password', ...ADA } })
    const response = await fetch(`${secure.url}/trpc/auth.signIn`, { method: 'POST', headers, body })
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-latchkey\.session=.*; Path=\/;.*HttpOnly.*Secure|^__Host-.*Secure.*HttpOnly/),
      expect.stringMatching(/^__Host-latchkey\.device=.*; Path=\/;.*HttpOnly.*Secure$/),
    ])
  })

  test('a page is revalidated, and what carries its hash in its name is kept', async () => {
    const [asset = ''] = readdirSync(ASSETS)
    expect((await fetch(demo.url)).headers.get('cache-control')).toBe('no-cache')
    expect((await fetch(`${demo.url}/assets/${asset}`)).headers.get('cache-control')).toContain('immutable')
  })

  test('HEAD answers like GET without a body, other methods are refused', async () => {
    const head = await fetch(demo.url, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect((await fetch(demo.url, { method: 'POST' })).status).toBe(405)
  })

  test.each([
    { path: '/favicon.svg', status: 200 },
    { path: '/../package.json', status: 404 },
    { path: '/assets/../../../package.json', status: 404 },
    { path: '/%2e%2e/%2e%2e/package.json', status: 404 },
    { path: '/..%2f..%2fpackage.json', status: 404 },
    { path: '/..%5c..%5cpackage.json', status: 404 },
    { path: '//etc/passwd', status: 200 },
    { path: '/.data/secret', status: 404 },
    { path: '/favicon.svg%00.html', status: 404 },
    { path: '/assets', status: 200 },
    { path: '/trpc/../.data/secret', status: 404 },
  ])('Z04 $path answers $status and no file but the built client’s', async ({ path, status }) => {
    const answer = await getRaw(demo.url, path)
    expect(answer.status).toBe(status)
    expect(answer.body).not.toMatch(/@latchkey\/demo|root:/)
    if (status === 200 && path !== '/favicon.svg') expect(answer.body).toContain('<title>Latchkey demo</title>')
  })

  test.each([
    { env: { PORT: 'http' }, says: 'PORT' },
    { env: { AUTH_STRATEGY: 'cookies' }, says: 'AUTH_STRATEGY' },
    { env: { AUTH_SECRET: 'short' }, says: 'secret' },
  ])('a wrong $says ends the start with its name', async ({ env, says }) => {
    const start = startDemo({ strategy: 'jwt', dataFolder: folder.path, env })
    await expect(start).rejects.toThrow(says)
    await expect(start).rejects.not.toThrow(/\n +at /)
  })
})
