import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { COOKIE, HTTPS_COOKIE, HTTPS_ORIGIN, makeAuth, ORIGIN, PASSWORD, passwordProvider } from '../support/auth.ts'
import { type Browser, createBrowser, type ParsedCookie, parseSetCookie, readJson } from '../support/browser.ts'
import { HOMES, openHome } from '../support/strategies.ts'

const CLAIMS = { claims: { note: z.string() }, update: z.object({ note: z.string() }) }

/** Everything that sets or clears a cookie: small and large sessions, every endpoint, good requests and bad ones. */
async function goEverywhere(browser: Browser, origin: string, clock: { turn: (seconds: number) => void }) {
  await browser.signIn()
  await browser.signIn('bob@example.com', PASSWORD, { flow: 'token', refresh: 'cookie' })
  await browser.post('/auth/token')
  await browser.post('/auth/session', { note: 'x'.repeat(4_000) })
  await browser.session()
  clock.turn(20 * 86_400)
  await browser.session()
  await browser.post('/auth/session', { note: '' })
  await browser.signOut()
  await browser.signOut({ everywhere: true })
  for (const name of [COOKIE, HTTPS_COOKIE, `${HTTPS_COOKIE}.0`, `${COOKIE}.1`]) browser.cookies.set(name, 'garbage')
  await browser.session()
  await browser.signIn('ann@example.com', 'wrong')
  await browser.signOut()
  for (const name of [COOKIE, HTTPS_COOKIE, `${HTTPS_COOKIE}.0`, `${COOKIE}.1`]) browser.cookies.set(name, 'garbage')
  await browser.signOut({ everywhere: true })
  await browser.post('/auth/signout', {}, { origin: 'https://evil.test' })
  expect(browser.setCookies.length).toBeGreaterThan(8)
  return browser.setCookies.map(parseSetCookie).map((cookie) => ({ ...cookie, origin }))
}

function attributesOf({ attributes }: ParsedCookie): Record<string, string> {
  return Object.fromEntries([...attributes].filter(([name]) => name !== 'max-age'))
}

describe.each(HOMES)('S06 Q17 every Set-Cookie, $home', (home) => {
  test.each([
    { origin: HTTPS_ORIGIN, session: HTTPS_COOKIE, refresh: '__Secure-latchkey.refresh', secure: { secure: '' } },
    { origin: ORIGIN, session: COOKIE, refresh: 'latchkey.refresh', secure: {} },
  ])('over $origin', async ({ origin, session, refresh, secure }) => {
    const { auth, clock } = openHome(home, {
      ...CLAIMS,
      baseUrl: origin,
      tokens: { enabled: true },
    })
    const cookies = await goEverywhere(createBrowser(auth, { origin }), origin, clock)
    for (const cookie of cookies) {
      const isRefresh = cookie.name === refresh
      if (!isRefresh) expect(cookie.name).toMatch(new RegExp(`^${session.replace('.', '\\.')}(\\.[0-9])?$`))
      expect(attributesOf(cookie)).toEqual(
        isRefresh
          ? { path: '/auth/token', httponly: '', samesite: 'Strict', ...secure }
          : { path: '/', httponly: '', samesite: 'Lax', ...secure },
      )
      const maxAge = cookie.attributes.get('max-age') ?? ''
      expect(maxAge).toMatch(/^\d+$/)
      expect(Number(maxAge)).toBeLessThanOrEqual(30 * 86_400)
      expect(cookie.value === '').toBe(maxAge === '0')
    }
    expect(cookies.some(({ value }) => value === '')).toBe(true)
  })

  test('Q18 none is larger than what browsers take', async () => {
    const { auth, clock } = openHome(home, { ...CLAIMS, baseUrl: HTTPS_ORIGIN })
    const browser = createBrowser(auth, { origin: HTTPS_ORIGIN })
    await goEverywhere(browser, HTTPS_ORIGIN, clock)
    for (const header of browser.setCookies) expect(header.length).toBeLessThanOrEqual(4_096)
  })
})

describe.each(HOMES)('S06 the two names, $home', (home) => {
  const rows = [
    { sent: HTTPS_COOKIE, over: HTTPS_ORIGIN, user: 'ann' },
    { sent: COOKIE, over: HTTPS_ORIGIN, user: undefined },
    { sent: `__Secure-${COOKIE}`, over: HTTPS_ORIGIN, user: undefined },
    { sent: '__host-latchkey.session', over: HTTPS_ORIGIN, user: undefined },
    { sent: '__HOST-latchkey.session', over: HTTPS_ORIGIN, user: undefined },
    { sent: ' __Host-latchkey.session', over: HTTPS_ORIGIN, user: 'ann' },
    { sent: '\u00a0__Host-latchkey.session', over: HTTPS_ORIGIN, user: undefined },
    { sent: '\u0085__Host-latchkey.session', over: HTTPS_ORIGIN, user: undefined },
    { sent: '\u000b__Host-latchkey.session', over: HTTPS_ORIGIN, user: undefined },
    { sent: '\u000c__Host-latchkey.session', over: HTTPS_ORIGIN, user: undefined },
    { sent: 'x__Host-latchkey.session', over: HTTPS_ORIGIN, user: undefined },
    { sent: '=__Host-latchkey.session', over: HTTPS_ORIGIN, user: undefined },
    { sent: '"__Host-latchkey.session', over: HTTPS_ORIGIN, user: undefined },
    { sent: '$Version=1,__Host-latchkey.session', over: HTTPS_ORIGIN, user: undefined },
    { sent: '__Host-latchkey.session ', over: HTTPS_ORIGIN, user: undefined },
    { sent: '__Host-latchkey.session\u00a0', over: HTTPS_ORIGIN, user: undefined },
    { sent: '__Host-latchkey%2Esession', over: HTTPS_ORIGIN, user: undefined },
    { sent: '__Host-latchkey.session.00', over: HTTPS_ORIGIN, user: undefined },
    { sent: '__Host-latchkey.session.+0', over: HTTPS_ORIGIN, user: undefined },
    { sent: COOKIE, over: ORIGIN, user: 'ann' },
    { sent: HTTPS_COOKIE, over: ORIGIN, user: undefined },
  ]

  test.each(rows)('a good session under %j', async ({ sent, over, user }) => {
    // The key goes with the name: a value that was made for the one has to be asked for under the other.
    const { auth } = openHome(home, { baseUrl: over })
    const browser = createBrowser(auth, { origin: over })
    await browser.signIn()
    const [value = ''] = browser.cookies.values()
    const request = new Request(`${over}/auth/session`, { headers: { cookie: `theme=dark; ${sent}=${value}` } })
    const session = await readJson<{ user: { id: string } } | null>(await auth.handler(request))
    expect(session?.user.id).toBe(user)
  })
})

describe('S07 C10 Q46 what no cache may keep', () => {
  interface Asked {
    readonly request: string
    readonly ask: (browser: Browser) => Promise<Response>
    readonly kept: boolean
  }
  const rows: readonly Asked[] = [
    { request: 'the session', ask: (b) => b.get('/auth/session'), kept: false },
    { request: 'nobody’s session', ask: (b) => (b.cookies.clear(), b.get('/auth/session')), kept: false },
    { request: 'a broken session', ask: (b) => (b.cookies.set(COOKIE, 'x'), b.get('/auth/session')), kept: false },
    { request: 'a sign-in', ask: (b) => b.signIn(), kept: false },
    { request: 'a refused sign-in', ask: (b) => b.signIn('ann@example.com', 'wrong'), kept: false },
    { request: 'a sign-in for tokens', ask: (b) => b.signIn(undefined, undefined, { flow: 'token' }), kept: false },
    { request: 'a sign-out', ask: (b) => b.signOut(), kept: false },
    { request: 'an update', ask: (b) => b.post('/auth/session', { note: 'x' }), kept: false },
    { request: 'a refused update', ask: (b) => b.post('/auth/session', { note: 7 }), kept: false },
    { request: 'a refresh', ask: (b) => b.post('/auth/token', { refreshToken: 'x' }), kept: false },
    {
      request: 'a request from elsewhere',
      ask: (b) => b.post('/auth/signout', {}, { origin: 'https://evil.test' }),
      kept: false,
    },
    { request: 'what is not there', ask: (b) => b.get('/auth/nothing'), kept: false },
    { request: 'a failure', ask: (b) => b.signIn('fails@example.com'), kept: false },
    { request: 'the providers', ask: (b) => b.get('/auth/providers'), kept: true },
  ]

  test.each(rows)('$request: may be kept $kept', async ({ ask, kept }) => {
    const provider = passwordProvider(({ email, password }) => {
      if (email.startsWith('fails')) throw new Error('the database is down')
      return password === PASSWORD ? { id: 'ann', email } : null
    })
    const browser = createBrowser(makeAuth({ ...CLAIMS, tokens: { enabled: true }, providers: [provider] }))
    await browser.signIn()
    const { headers } = await ask(browser)
    expect(headers.get('cache-control')).toBe(kept ? null : 'private, no-store')
    expect(headers.get('vary')).toBe(kept ? null : 'Cookie')
    if (kept) expect(headers.getSetCookie()).toEqual([])
  })
})
