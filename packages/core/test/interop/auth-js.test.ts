import { Auth as AuthJs, type AuthConfig, skipCSRFCheck } from '@auth/core'
import { decode, encode, getToken } from '@auth/core/jwt'
import Credentials from '@auth/core/providers/credentials'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { HTTPS_ORIGIN, makeAuth, openClock, ORIGIN, PASSWORD, SECRET } from '../support/auth.ts'
import { createBrowser, parseSetCookie, readJson } from '../support/browser.ts'

const NAME = 'authjs.session-token'
const OTHER_SECRET = 'the secret that is being rotated out of use'
const OURS = { cookies: { session: { name: NAME } } }

/** Auth.js's tokens are dated by the system's clock, so ours begins there. */
const openNow = () => openClock(new Date())

const TOKEN = { sub: 'ann', name: 'Ann', email: 'ann@example.com', picture: 'https://img.test/ann.png' }

function authJsCookie(token: object = TOKEN, secret: string | string[] = SECRET, maxAge?: number): Promise<string> {
  return encode({ token, secret, salt: NAME, ...(maxAge !== undefined && { maxAge }) })
}

/** A whole Auth.js app, with the same secret and cookie. */
function openAuthJs() {
  const config = {
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        authorize: ({ password }) =>
          password === PASSWORD ? { id: 'ann', name: 'Ann', email: 'ann@example.com' } : null,
      }),
    ],
    secret: SECRET,
    basePath: '/auth',
    trustHost: true,
    skipCSRFCheck,
    session: { strategy: 'jwt' },
  } satisfies AuthConfig
  return (path: string, init: RequestInit = {}) => AuthJs(new Request(ORIGIN + path, init), config)
}

async function sessionWith(auth: ReturnType<typeof makeAuth>, cookie: string) {
  return auth.getSession(new Request(ORIGIN, { headers: { cookie: `${NAME}=${cookie}` } }))
}

describe("C3 Auth.js's cookie opens here", () => {
  test('with who it is, and with no time of sign-in', async () => {
    const clock = openNow()
    const cookie = await authJsCookie()
    const claims = await decode({ token: cookie, secret: SECRET, salt: NAME })
    const session = await sessionWith(makeAuth({ ...OURS, clock: clock.read }), cookie)
    expect(session).toEqual({
      user: { id: 'ann', name: 'Ann', email: 'ann@example.com', image: 'https://img.test/ann.png' },
      roles: [],
      claims: {},
      sessionId: claims?.jti,
      expires: new Date((claims?.exp ?? 0) * 1_000),
      strategy: 'jwt',
      authTime: null,
      via: 'cookie',
      amr: [],
      scopes: null,
    })
  })

  test('with the claims and roles that its jwt callback put in, by our schemas', async () => {
    const auth = makeAuth({ ...OURS, roles: ['member', 'admin'], claims: { org: z.string(), seats: z.number() } })
    const cookie = await authJsCookie({
      ...TOKEN,
      roles: ['member', 'root'],
      role: 'admin',
      org: 'acme',
      seats: 'many',
      accessToken: 'x',
    })
    expect(await sessionWith(auth, cookie)).toMatchObject({ roles: ['member', 'admin'], claims: { org: 'acme' } })
    expect(JSON.stringify(await sessionWith(auth, cookie))).not.toContain('accessToken')
  })

  test.each([
    { claims: 'an authTime in milliseconds', more: { authTime: Date.now() } },
    { claims: 'an authTime in seconds', more: { authTime: Math.floor(Date.now() / 1_000) } },
    { claims: 'an authTime as a word', more: { authTime: 'yesterday' } },
    { claims: 'an adoptedAt', more: { adoptedAt: 4_000_000_000 } },
  ])("with $claims of that app's own: it stays never fresh, and no older than it is", async ({ more }) => {
    const clock = openNow()
    const auth = makeAuth({
      ...OURS,
      clock: clock.read,
      session: { maxAge: '300d', absoluteMaxAge: '10d', updateAge: '1d' },
    })
    const cookie = await authJsCookie({ ...TOKEN, ...more })
    expect((await sessionWith(auth, cookie))?.authTime).toBeNull()
    clock.turn(11 * 86_400)
    expect(await sessionWith(auth, cookie)).toBeNull()
  })

  test('in chunks', async () => {
    const cookie = await authJsCookie({ ...TOKEN, pad: 'x'.repeat(4_000) })
    expect(cookie.length).toBeGreaterThan(4_096)
    const chunks = [`${NAME}.1=${cookie.slice(3_936)}`, `${NAME}.0=${cookie.slice(0, 3_936)}`].join('; ')
    const session = await makeAuth(OURS).getSession(new Request(ORIGIN, { headers: { cookie: chunks } }))
    expect(session?.user.id).toBe('ann')
  })

  test.each([
    { cookie: 'of another secret', make: () => authJsCookie(TOKEN, OTHER_SECRET) },
    {
      cookie: 'of another salt',
      make: () => encode({ token: TOKEN, secret: SECRET, salt: '__Secure-authjs.session-token' }),
    },
    { cookie: 'that has expired', make: () => authJsCookie(TOKEN, SECRET, -60) },
    { cookie: 'without a sub', make: () => authJsCookie({ name: 'Ann' }) },
    { cookie: 'with a sub that is a number', make: () => authJsCookie({ sub: 7 }) },
  ])('but not one $cookie', async ({ make }) => {
    expect(await sessionWith(makeAuth(OURS), await authJsCookie())).not.toBeNull()
    expect(await sessionWith(makeAuth(OURS), await make())).toBeNull()
  })

  test('over https under its own name', async () => {
    const name = '__Secure-authjs.session-token'
    const auth = makeAuth({ baseUrl: HTTPS_ORIGIN, cookies: { session: { name } } })
    const cookie = await encode({ token: TOKEN, secret: SECRET, salt: name })
    const session = await auth.getSession(new Request(HTTPS_ORIGIN, { headers: { cookie: `${name}=${cookie}` } }))
    expect(session?.user.id).toBe('ann')
  })
})

describe('C3 our cookie opens with @auth/core', () => {
  async function signIn(options: Parameters<typeof makeAuth>[0] = {}) {
    const browser = createBrowser(makeAuth({ ...OURS, ...options }))
    await browser.signIn()
    return { browser, cookie: browser.cookies.get(NAME) ?? '' }
  }

  test('by decode()', async () => {
    const { cookie } = await signIn()
    const claims = await decode({ token: cookie, secret: SECRET, salt: NAME })
    expect(claims).toMatchObject({ sub: 'ann', name: 'ann', email: 'ann@example.com' })
    const header = z
      .object({ alg: z.string(), enc: z.string(), kid: z.string() })
      .strict()
      .parse(JSON.parse(Buffer.from(cookie.split('.')[0] ?? '', 'base64url').toString()))
    expect(header).toMatchObject({ alg: 'dir', enc: 'A256GCM', kid: expect.stringMatching(/^[\w-]{43}$/) })
  })

  test('by getToken(), whole and in chunks', async () => {
    for (const pad of ['', 'x'.repeat(4_000)]) {
      const { browser } = await signIn({ callbacks: { jwt: ({ token }) => ({ ...token, pad }) } })
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const claims = await getToken({
        req: { headers: new Headers({ cookie }) },
        secret: SECRET,
        salt: NAME,
        cookieName: NAME,
      })
      expect(claims).toMatchObject({ sub: 'ann', pad })
    }
  })

  test('by a whole Auth.js app, which answers its session', async () => {
    const { cookie } = await signIn()
    const response = await openAuthJs()('/auth/session', { headers: { cookie: `${NAME}=${cookie}` } })
    expect(await response.json()).toMatchObject({ user: { name: 'ann', email: 'ann@example.com' } })
  })

  test('but neither under another name nor with another secret', async () => {
    const { cookie } = await signIn()
    await expect(decode({ token: cookie, secret: SECRET, salt: 'authjs.state' })).rejects.toThrow()
    await expect(decode({ token: cookie, secret: OTHER_SECRET, salt: NAME })).rejects.toThrow()
  })
})

describe('C3 C2 both ways while a secret is rotated', () => {
  test.each([
    { there: [OTHER_SECRET], here: [OTHER_SECRET], opens: true },
    { there: [OTHER_SECRET], here: [SECRET, OTHER_SECRET], opens: true },
    { there: [SECRET, OTHER_SECRET], here: [SECRET], opens: true },
    { there: [SECRET, OTHER_SECRET], here: [OTHER_SECRET, SECRET], opens: true },
    { there: [OTHER_SECRET, SECRET], here: [SECRET], opens: false },
  ])('made there with $there, opened here with $here: $opens', async ({ there, here, opens }) => {
    const cookie = await authJsCookie(TOKEN, there)
    const auth = makeAuth({ ...OURS, secret: here as [string, ...string[]] })
    expect((await sessionWith(auth, cookie))?.user.id).toBe(opens ? 'ann' : undefined)
  })

  test.each([
    { here: [OTHER_SECRET], there: [SECRET, OTHER_SECRET], opens: true },
    { here: [SECRET, OTHER_SECRET], there: [SECRET], opens: true },
    { here: [OTHER_SECRET, SECRET], there: [SECRET], opens: false },
  ])('made here with $here, opened there with $there: $opens', async ({ here, there, opens }) => {
    const browser = createBrowser(makeAuth({ ...OURS, secret: here as [string, ...string[]] }))
    await browser.signIn()
    const opening = decode({ token: browser.cookies.get(NAME) ?? '', secret: there, salt: NAME })
    if (opens) expect(await opening).toMatchObject({ sub: 'ann' })
    else await expect(opening).rejects.toThrow()
  })
})

describe('C3 an app switches from Auth.js and signs nobody out', () => {
  test('a person who signed in there is signed in here, through renewals, and then there again', async () => {
    const authJs = openAuthJs()
    const form = new URLSearchParams({ email: 'ann@example.com', password: PASSWORD })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const signedIn = await authJs('/auth/callback/credentials', { method: 'POST', headers, body: form })
    const set = signedIn.headers
      .getSetCookie()
      .map(parseSetCookie)
      .find(({ name }) => name === NAME)
    expect(set?.value).toBeTruthy()

    const clock = openNow()
    const browser = createBrowser(makeAuth({ ...OURS, clock: clock.read }))
    browser.cookies.set(NAME, set?.value ?? '')
    expect((await browser.session())?.user.id).toBe('ann')
    expect(browser.setCookies).toEqual([])
    clock.turn(301)
    expect((await browser.session())?.user.id).toBe('ann')
    expect(browser.setCookies).toHaveLength(1)

    const cookie = `${NAME}=${browser.cookies.get(NAME)}`
    const back = await authJs('/auth/session', { headers: { cookie } })
    expect(await readJson<object>(back)).toMatchObject({ user: { email: 'ann@example.com' } })
  })
})
