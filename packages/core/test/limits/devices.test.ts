import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createAuth, definePlugin, memoryAdapter, signInMutation } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { HTTPS_ORIGIN, makeAuth, openClock, PASSWORD, passwordProvider, SECRET, SILENT } from '../support/auth.ts'
import { type Browser, createBrowser, parseSetCookie, readKind } from '../support/browser.ts'

const [ANN, BOB] = ['ann@example.com', 'bob@example.com']
const DAY = 24 * 60 * 60
const NAME = 'latchkey.device'

function openApp(options: Partial<AnyOptions> = {}) {
  const clock = openClock()
  const auth = makeAuth({ clock: clock.read, tokens: { enabled: true }, ...options })
  const open = (address = '203.0.113.7') => createBrowser(auth, { address })
  /** Strangers guess at a name until unknown devices must wait. */
  const contest = async (name = ANN) => {
    for (let guess = 0; guess < 10; guess++) await open(`198.51.100.${guess}`).signIn(name, 'wrong')
  }
  return { auth, clock, open, contest }
}

/** What becomes of the right password in a browser: `known` is let in, `unknown` must wait. */
async function present(browser: Browser, name = ANN): Promise<string> {
  const response = await browser.signIn(name, PASSWORD)
  return response.status === 200 ? 'known' : (await readKind(response)) === 'RateLimited' ? 'unknown' : 'failed'
}

/** Another browser, with this value for its device's cookie. */
function withDevice(app: ReturnType<typeof openApp>, value: string, address?: string): Browser {
  const browser = app.open(address)
  browser.device.set(NAME, value)
  return browser
}

async function knownDevice(app: ReturnType<typeof openApp>, name = ANN, address?: string): Promise<string> {
  const browser = app.open(address)
  await browser.signIn(name)
  return browser.device.get(NAME) ?? ''
}

/** The text with one letter changed: the last bits of a base64url text may not count, so not the last one. */
const damage = (text: string, at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)

describe('P05 the cookie of a device', () => {
  test.each<{ cookie: string; value: (app: ReturnType<typeof openApp>) => Promise<string>; is: string }>([
    { cookie: 'its own', value: (app) => knownDevice(app), is: 'known' },
    { cookie: 'none', value: async () => '', is: 'unknown' },
    { cookie: 'forged: no token at all', value: async () => 'x'.repeat(300), is: 'unknown' },
    { cookie: 'forged: endless', value: async () => 'x'.repeat(9_000), is: 'unknown' },
    { cookie: 'altered', value: async (app) => damage(await knownDevice(app), 200), is: 'unknown' },
    {
      cookie: 'sealed by another secret',
      value: () => knownDevice(openApp({ secret: SECRET.replace('k', 'K') })),
      is: 'unknown',
    },
    {
      cookie: 'the session instead',
      value: async (app) => {
        const browser = app.open()
        await browser.signIn()
        return browser.cookies.get('latchkey.session') ?? ''
      },
      is: 'unknown',
    },
    { cookie: "another account's", value: (app) => knownDevice(app, BOB), is: 'unknown' },
    {
      cookie: 'of a name that only looks alike',
      value: (app) => knownDevice(app, '\u00e1nn@example.com'),
      is: 'unknown',
    },
  ])('$cookie: $is', async ({ value, is }) => {
    const app = openApp()
    const device = await value(app)
    await app.contest()
    expect(await present(withDevice(app, device, '192.0.2.1'))).toBe(is)
  })

  test('ends after 180 days', async () => {
    for (const [days, is] of [
      [179, 'known'],
      [180, 'unknown'],
    ] as const) {
      const app = openApp()
      const device = await knownDevice(app)
      app.clock.turn(days * DAY)
      await app.contest()
      expect(await present(withDevice(app, device, '192.0.2.1'))).toBe(is)
    }
  })

  test('is renewed by a sign-in', async () => {
    const app = openApp()
    const browser = app.open()
    await browser.signIn()
    app.clock.turn(179 * DAY)
    await browser.signIn()
    app.clock.turn(179 * DAY)
    await app.contest()
    expect(await present(browser)).toBe('known')
  })

  test('S06 is HttpOnly, for this host only, and outlives the session', async () => {
    const app = openApp({ baseUrl: HTTPS_ORIGIN })
    const response = await createBrowser(app.auth, { origin: HTTPS_ORIGIN }).signIn()
    const { name, attributes } = parseSetCookie(response.headers.getSetCookie()[1] ?? '')
    expect(name).toBe(`__Host-${NAME}`)
    expect(Object.fromEntries(attributes)).toEqual({
      httponly: '',
      secure: '',
      samesite: 'Lax',
      path: '/',
      'max-age': String(180 * DAY),
    })
  })

  test('says nothing about who signed in', async () => {
    const device = await knownDevice(openApp())
    expect(device).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(device).not.toContain(Buffer.from(ANN).toString('base64url').slice(2, -4))
  })

  test('knows five names, the newest first, and stays short', async () => {
    const app = openApp()
    const browser = app.open()
    const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}@example.com`)
    for (const name of names) await browser.signIn(name)
    for (const name of names) await app.contest(name)
    const device = browser.device.get(NAME) ?? ''
    expect(device.length).toBeLessThan(800)
    const known = await Promise.all(names.map(async (name) => present(withDevice(app, device, '192.0.2.1'), name)))
    expect(known).toEqual(['unknown', 'known', 'known', 'known', 'known', 'known'])
  })

  test('is set by the token flow too, if its refresh token is in a cookie', async () => {
    const app = openApp()
    const browser = app.open()
    await browser.signIn(ANN, PASSWORD, { flow: 'token', refresh: 'cookie' })
    await app.contest()
    expect(await present(browser)).toBe('known')
  })

  test.each([
    { why: 'a wrong password', signIn: (browser: Browser) => browser.signIn(ANN, 'wrong') },
    { why: 'the token flow', signIn: (browser: Browser) => browser.signIn(ANN, PASSWORD, { flow: 'token' }) },
  ])('is not set for $why', async ({ signIn }) => {
    const browser = openApp().open()
    await signIn(browser)
    expect(browser.device.size).toBe(0)
  })

  test.each([
    { why: 'guesses are not limited', options: { limits: { signIn: false as const } } },
    { why: 'no provider asks for a name', options: { providers: [{ ...passwordProvider(), identify: null }] } },
    { why: 'the person may not in', options: { callbacks: { signIn: () => false } } },
  ])('is not set where $why', async ({ options }) => {
    const browser = openApp(options).open()
    await browser.signIn()
    expect(browser.device.size).toBe(0)
  })

  test('the old secret opens it while secrets rotate', async () => {
    const device = await knownDevice(openApp())
    const app = openApp({ secret: [SECRET.replace('k', 'K'), SECRET] })
    await app.contest()
    expect(await present(withDevice(app, device, '192.0.2.1'))).toBe('known')
  })
})

describe('P05 a stolen cookie is a counter, and nothing more', () => {
  test('it signs nobody in', async () => {
    const app = openApp()
    const thief = withDevice(app, await knownDevice(app))
    expect(await thief.session()).toBeNull()
    expect(await readKind(await thief.signIn(ANN, 'wrong'))).toBe('CredentialsSignin')
  })

  test('ten guesses, then its owner is an unknown device, and in after seconds', async () => {
    const app = openApp()
    const device = await knownDevice(app)
    await app.contest()
    const thief = withDevice(app, device, '192.0.2.66')
    for (let guess = 0; guess < 10; guess++)
      expect(await readKind(await thief.signIn(ANN, 'wrong'))).toBe('CredentialsSignin')
    expect(await readKind(await thief.signIn(ANN, 'wrong'))).toBe('RateLimited')
    const owner = withDevice(app, device)
    const refused = await owner.signIn(ANN)
    app.clock.turn(Number(refused.headers.get('retry-after')))
    expect(await present(owner)).toBe('known')
  })

  test('whoever signs in a hundred times from one address has one counter', async () => {
    const app = openApp()
    const devices = [await knownDevice(app), await knownDevice(app), await knownDevice(app)]
    await app.contest()
    const kinds: (string | undefined)[] = []
    for (let guess = 0; guess < 30; guess++)
      kinds.push(await readKind(await withDevice(app, devices[guess % 3] ?? '', '192.0.2.66').signIn(ANN, 'wrong')))
    expect(kinds.filter((kind) => kind === 'CredentialsSignin')).toHaveLength(10)
  })

  test("a known device's success clears nothing of the strangers' guesses", async () => {
    const app = openApp()
    const browser = app.open()
    await browser.signIn()
    await app.contest()
    expect(await present(browser)).toBe('known')
    expect(await present(app.open('192.0.2.1'))).toBe('unknown')
  })
})

describe('P05 a sign-in that a plug-in ends', () => {
  const link = definePlugin({
    id: 'link',
    setup: () => ({
      operations: {
        follow: signInMutation({
          input: z.object({ email: z.string(), isProven: z.boolean() }),
          run: (call, { email, isProven }) =>
            call.signIn({ create: { email, emailVerified: isProven ? call.now() : null } }),
        }),
      },
    }),
  })

  test.each([
    { isProven: true, is: 'known' },
    { isProven: false, is: 'unknown' },
  ])('with an address that is proven: $isProven makes the device $is under it', async ({ isProven, is }) => {
    const clock = openClock()
    const auth = createAuth({
      secret: SECRET,
      baseUrl: 'http://app.test',
      adapter: memoryAdapter(),
      logger: SILENT,
      clock: clock.read,
      plugins: [link],
      providers: [passwordProvider(({ email, password }) => (password === PASSWORD ? { id: 'ann', email } : null))],
    })
    const browser = createBrowser(auth, { address: '203.0.113.7' })
    expect((await browser.post('/auth/link/follow', { email: ANN, isProven })).status).toBe(200)
    for (let guess = 0; guess < 10; guess++)
      await createBrowser(auth, { address: `198.51.100.${guess}` }).signIn(ANN, 'wrong')
    const kind = await readKind(await browser.signIn(ANN, 'wrong'))
    expect(kind).toBe(is === 'known' ? 'CredentialsSignin' : 'RateLimited')
  })
})
