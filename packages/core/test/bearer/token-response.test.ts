import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { memoryAdapter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { HTTPS_ORIGIN, makeAuth, openClock, ORIGIN, PASSWORD } from '../support/auth.ts'
import { createBrowser, readJson, readKind } from '../support/browser.ts'
import { createNative, expectTokens, type Tokens } from '../support/native.ts'

const CREDENTIALS = { email: 'ann@example.com', password: PASSWORD }

function open(overrides: Partial<AnyOptions> = {}) {
  const clock = openClock()
  const auth = makeAuth({
    adapter: memoryAdapter(),
    session: { strategy: 'jwt' },
    tokens: { enabled: true },
    clock: clock.read,
    ...overrides,
  })
  return { auth, clock, native: createNative(auth) }
}

test('T1 the token response has exactly its members', async () => {
  const { native, clock } = open({
    callbacks: { session: ({ session }) => ({ ...session, greeting: `Hello ${session.user.name}` }) },
  })
  const tokens = await native.signIn()
  expect(tokens).toEqual({
    status: 'tokens',
    tokenType: 'Bearer',
    sessionId: expect.any(String),
    accessToken: expect.any(String),
    refreshToken: expect.any(String),
    expiresAt: clock.seconds() + 900,
    expiresIn: 900,
    user: { id: 'ann', name: 'ann', email: 'ann@example.com', image: null },
    session: expect.objectContaining({ greeting: 'Hello ann' }),
  })
})

test('T1 the user is null where the session callback leaves it out', async () => {
  const { native } = open({ callbacks: { session: () => ({ plan: 'free' }) } })
  expect(await native.signIn()).toMatchObject({ user: null, session: { plan: 'free' } })
})

describe('T3 T4 which flow a sign-in takes', () => {
  const on = { enabled: true }
  test.each([
    { says: 'flow: token', tokens: on, body: { flow: 'token' }, gets: 'tokens' },
    { says: 'nothing', tokens: on, body: {}, gets: 'signedIn' },
    { says: 'the header', tokens: on, headers: { 'x-auth-flow': 'token' }, gets: 'tokens' },
    { says: 'the header in another case', tokens: on, headers: { 'X-AUTH-FLOW': 'ToKeN' }, gets: 'tokens' },
    { says: 'the query', tokens: on, query: '?flow=token', gets: 'tokens' },
    { says: 'nothing, with alwaysReturn', tokens: { ...on, alwaysReturn: true }, gets: 'tokens' },
    {
      says: 'flow: cookie, with alwaysReturn',
      tokens: { ...on, alwaysReturn: true },
      body: { flow: 'cookie' },
      gets: 'signedIn',
    },
    {
      says: 'flow: cookie and the header',
      tokens: on,
      body: { flow: 'cookie' },
      headers: { 'x-auth-flow': 'token' },
      gets: 'signedIn',
    },
    {
      says: 'flow: token, disabled with alwaysReturn',
      tokens: { enabled: false, alwaysReturn: true },
      body: { flow: 'token' },
      gets: 'signedIn',
    },
  ])('$says → $gets', async ({ tokens, body = {}, headers = {}, query = '', gets }) => {
    const { native } = open({ tokens })
    const response = await native.post(`/signin/credentials${query}`, { ...CREDENTIALS, ...body }, headers)
    const answer = await readJson<Record<string, unknown>>(response)
    expect(answer.status).toBe(gets)
    // T4: one or the other.
    expect(response.headers.getSetCookie().length > 0).toBe(gets === 'signedIn')
    expect('accessToken' in answer).toBe(gets === 'tokens')
  })

  test('another flow is refused before anything happens', async () => {
    const { native } = open()
    const response = await native.post('/signin/credentials', { ...CREDENTIALS, flow: 'carrier-pigeon' })
    expect([response.status, await readKind(response)]).toEqual([400, 'InvalidInput'])
  })
})

test('R5 without tokens enabled the endpoint says so', async () => {
  const { native } = open({ tokens: { enabled: false } })
  const response = await native.post('/token', { refreshToken: 'x' })
  expect([response.status, await readKind(response)]).toEqual([404, 'NotFound'])
})

describe('T5 a signIn callback that sends people elsewhere', () => {
  function openHere(allowed: boolean | string) {
    const asked: string[] = []
    const told: unknown[] = []
    const adapter = memoryAdapter()
    const scene = open({
      adapter,
      callbacks: {
        signIn: () => allowed,
        redirect: ({ url }) => {
          asked.push(url)
          return `${ORIGIN}/elsewhere`
        },
      },
      events: { signIn: (event) => void told.push(event) },
    })
    return { ...scene, adapter, asked, told }
  }

  test('in the cookie flow it redirects, through the redirect callback', async () => {
    const { auth, asked, told } = openHere('/verify')
    const answer = await readJson<unknown>(await createBrowser(auth).signIn())
    expect(answer).toEqual({ status: 'redirect', url: `${ORIGIN}/elsewhere` })
    expect([asked, told]).toEqual([['/verify'], []])
  })

  test.each([
    { body: { flow: 'token' }, query: '', headers: {} },
    { body: {}, query: '?flow=token', headers: {} },
    { body: {}, query: '', headers: { 'x-auth-flow': 'token' } },
    { body: { flow: 'token', refresh: 'cookie' }, query: '', headers: {} },
  ])('M24 in the token flow it refuses, and asks no redirect callback (%o)', async ({ body, query, headers }) => {
    const { native, adapter, asked, told, clock } = openHere('/verify')
    const response = await native.post(`/signin/credentials${query}`, { ...CREDENTIALS, ...body }, headers)
    expect([response.status, await readKind(response)]).toEqual([403, 'AccessDenied'])
    expect([asked, told]).toEqual([[], []])
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await adapter.listSessions({ userId: 'ann', now: clock.read() })).toEqual([])
  })

  test('M24 a callback that agrees signs in with tokens', async () => {
    const { native, asked } = openHere(true)
    expect((await native.signIn()).tokenType).toBe('Bearer')
    expect(asked).toEqual([])
  })
})

test('T6 a bearer request needs no trusted origin; the same request by cookie is refused', async () => {
  const { auth, native } = open({ claims: { org: z.string() }, update: z.object({ org: z.string() }) })
  const tokens = await native.signIn()
  const evil = { origin: 'https://evil.example' }
  const { accessToken, refreshToken } = tokens
  const byBearer = await native.post('/session', { org: 'b', refreshToken }, { ...native.bearer(accessToken), ...evil })
  expect(byBearer.status).toBe(200)
  const browser = createBrowser(auth)
  await browser.signIn()
  expect(await readKind(await browser.post('/auth/session', { org: 'b' }, evil))).toBe('UntrustedOrigin')
})

test('T8 nothing of the claims can be read in the tokens', async () => {
  const { native } = open({ callbacks: { jwt: ({ token }) => ({ ...token, note: 'only-for-the-server' }) } })
  const { accessToken, refreshToken } = await native.signIn()
  for (const token of [accessToken, refreshToken]) {
    const parts = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    for (const secret of ['ann', 'only-for-the-server', 'sessionId']) expect(parts.join('\n')).not.toContain(secret)
  }
})

describe('T10 T11 a bearer token of ours decides alone', () => {
  test('valid: it wins over the cookie', async () => {
    const { auth, native } = open()
    const browser = createBrowser(auth)
    await browser.signIn('bob@example.com')
    const { accessToken } = await native.signIn('ann@example.com')
    const response = await browser.get('/auth/session', native.bearer(accessToken))
    expect(await readJson(response)).toMatchObject({ user: { id: 'ann' } })
  })

  test.each([
    { which: 'expired', kind: 'AccessTokenExpired', spoil: (token: string) => token, wait: 900 },
    {
      which: 'tampered with',
      kind: 'InvalidToken',
      spoil: (token: string) => token.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')),
      wait: 0,
    },
  ])('$which: no session and no fall-through to the cookie', async ({ kind, spoil, wait }) => {
    const { auth, native, clock } = open()
    const browser = createBrowser(auth)
    await browser.signIn('bob@example.com')
    const { accessToken } = await native.signIn()
    clock.turn(wait)
    const headers = native.bearer(spoil(accessToken))
    expect(await readKind(await browser.get('/auth/session', headers))).toBe(kind)
    const request = new Request('http://app.test/', { headers: { ...headers, cookie: cookiesOf(browser) } })
    expect(await auth.getSession(request)).toBeNull()
  })

  test.each([
    { which: 'a JWT of another issuer', token: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJldmUifQ.c2ln' },
    { which: 'an opaque key', token: 'sk_live_0123456789' },
    { which: 'garbage', token: '%' },
  ])('not ours ($which): ignored, the cookie decides', async ({ token }) => {
    const { auth, native } = open()
    const browser = createBrowser(auth)
    await browser.signIn('bob@example.com')
    const response = await browser.get('/auth/session', native.bearer(token))
    expect(await readJson(response)).toMatchObject({ user: { id: 'bob' } })
  })
})

describe('bad input to the token endpoint', () => {
  test('a good refresh token is accepted, and none of the others has consumed anything', async () => {
    const { native } = open()
    const tokens = await native.signIn()
    const stranger = await native.signIn('eve@example.com')
    const attempts: readonly { readonly body: unknown; readonly answer: readonly [number, string] }[] = [
      { body: {}, answer: [400, 'InvalidInput'] },
      { body: { refreshToken: '' }, answer: [400, 'InvalidInput'] },
      { body: { refreshToken: 7 }, answer: [400, 'InvalidInput'] },
      { body: { refreshToken: [tokens.refreshToken] }, answer: [400, 'InvalidInput'] },
      { body: { refreshToken: tokens.accessToken }, answer: [401, 'InvalidToken'] },
      { body: { refreshToken: tokens.sessionId }, answer: [401, 'InvalidToken'] },
      { body: { refreshToken: 'x'.repeat(20_000) }, answer: [401, 'InvalidToken'] },
      { body: { refreshToken: 'x'.repeat(1_000_000) }, answer: [400, 'InvalidInput'] },
      { body: '\u0000\u0001\u0002', answer: [400, 'InvalidInput'] },
      { body: JSON.stringify({ refreshToken: tokens.refreshToken }).slice(0, -1), answer: [400, 'InvalidInput'] },
      { body: { refreshToken: `${tokens.refreshToken} ` }, answer: [401, 'InvalidToken'] },
      { body: { refreshToken: mix(tokens.refreshToken, stranger.refreshToken) }, answer: [401, 'InvalidToken'] },
    ]
    for (const { body, answer } of attempts) {
      const response = await native.post('/token', body)
      expect([response.status, await readKind(response)]).toEqual(answer)
    }
    expectTokens(await native.refresh(tokens.refreshToken))
    expectTokens(await native.refresh(stranger.refreshToken))
  })

  test('R8 a refresh token in the query or the URL is not read', async () => {
    const { native } = open()
    const { refreshToken } = await native.signIn()
    expect(await readKind(await native.post(`/token?refreshToken=${refreshToken}`, {}))).toBe('InvalidInput')
    expect((await native.post(`/token/${refreshToken}`, {})).status).toBe(404)
  })

  test('another session’s refresh token does not serve updateSession', async () => {
    const { native } = open({ claims: { org: z.string() }, update: z.object({ org: z.string() }) })
    const ann = await native.signIn('ann@example.com')
    const eve = await native.signIn('eve@example.com')
    const body = { org: 'evil', refreshToken: ann.refreshToken }
    const response = await native.post('/session', body, native.bearer(eve.accessToken))
    expect([response.status, await readKind(response)]).toEqual([401, 'InvalidToken'])
    expectTokens(await native.refresh(ann.refreshToken))
  })
})

test('J16 updateSession over a bearer is a refresh with a patch', async () => {
  const { native } = open({ claims: { org: z.string() }, update: z.object({ org: z.string() }) })
  const first = await native.signIn()
  const body = { org: 'acme', refreshToken: first.refreshToken }
  const second = await readJson<Tokens>(await native.post('/session', body, native.bearer(first.accessToken)))
  expect(second.session?.claims).toEqual({ org: 'acme' })
  const third = expectTokens(await native.refresh(second.refreshToken))
  expect(third.session?.claims).toEqual({ org: 'acme' })
  expect(await readKind(await native.post('/session', { org: 'b' }, native.bearer(third.accessToken)))).toBe(
    'InvalidInput',
  )
})

describe('R8 the refresh token in a cookie', () => {
  const signIn = { flow: 'token', refresh: 'cookie' }

  test('is HttpOnly, for one path, strict, and not in the body', async () => {
    const { auth } = open({ baseUrl: HTTPS_ORIGIN })
    const browser = createBrowser(auth, { origin: HTTPS_ORIGIN })
    const tokens = await readJson<Tokens>(await browser.signIn(undefined, undefined, signIn))
    expect('refreshToken' in tokens).toBe(false)
    expect(browser.setCookies).toEqual([
      expect.stringMatching(
        /^__Secure-latchkey\.refresh=[\w.-]+; Max-Age=2592000; Path=\/auth\/token; HttpOnly; SameSite=Strict; Secure$/,
      ),
    ])
  })

  test('refreshes by itself, rotates the cookie, and answers no refresh token', async () => {
    const { auth, native } = open()
    const browser = createBrowser(auth)
    await browser.signIn(undefined, undefined, signIn)
    const before = browser.cookies.get('latchkey.refresh')
    const tokens = await readJson<Tokens>(await browser.post('/auth/token'))
    expect(await native.whoAmI(tokens.accessToken)).toBe('ann')
    expect('refreshToken' in tokens).toBe(false)
    expect(browser.cookies.get('latchkey.refresh')).not.toBe(before)
  })

  test('C8 is refused to another site’s page', async () => {
    const { auth } = open()
    const browser = createBrowser(auth)
    await browser.signIn(undefined, undefined, signIn)
    const response = await browser.post('/auth/token', {}, { origin: 'https://evil.example' })
    expect([response.status, await readKind(response)]).toEqual([403, 'UntrustedOrigin'])
  })

  test('a slow loser never wipes the winner’s cookie', async () => {
    const { auth, clock } = open()
    const browser = createBrowser(auth)
    await browser.signIn(undefined, undefined, signIn)
    const old = browser.cookies.get('latchkey.refresh')
    await browser.post('/auth/token')
    const loser = await browser.post('/auth/token', {}, { cookie: `latchkey.refresh=${old}` })
    clock.turn(60)
    const late = await browser.post('/auth/token', {}, { cookie: `latchkey.refresh=${old}x` })
    expect(loser.status).toBe(200)
    expect([late.status, late.headers.getSetCookie()]).toEqual([401, []])
  })

  test('is gone after sign-out', async () => {
    const { auth, native } = open()
    const browser = createBrowser(auth)
    const { accessToken } = await readJson<Tokens>(await browser.signIn(undefined, undefined, signIn))
    const refresh = browser.cookies.get('latchkey.refresh')
    await browser.signOut()
    await native.post('/signout', {}, native.bearer(accessToken))
    expect(browser.cookies.has('latchkey.refresh')).toBe(false)
    const replay = await browser.post('/auth/token', {}, { cookie: `latchkey.refresh=${refresh}` })
    expect(await readKind(replay)).toBe('SessionRevoked')
  })
})

function cookiesOf(browser: { readonly cookies: ReadonlyMap<string, string> }): string {
  return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}

/** The first's ciphertext under the second's tag. */
function mix(first: string, second: string): string {
  return [...first.split('.').slice(0, 4), second.split('.')[4]].join('.')
}
