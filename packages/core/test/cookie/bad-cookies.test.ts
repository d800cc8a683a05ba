import { describe, expect, test } from 'vitest'
import { COOKIE, PASSWORD } from '../support/auth.ts'
import { type Browser, createBrowser, parseSetCookie } from '../support/browser.ts'
import { HOMES, openHome } from '../support/strategies.ts'

/** What comes instead of a good cookie; `good` is one of another engine that would be. */
const BAD: readonly { readonly cookie: string; readonly make: (good: string) => string }[] = [
  { cookie: 'an empty one', make: () => '' },
  { cookie: 'one letter', make: () => 'x' },
  { cookie: 'dots', make: () => '....' },
  { cookie: 'words', make: () => 'not a token at all' },
  { cookie: 'JSON', make: () => '{"sub":"ann"}' },
  { cookie: 'a UUID, as Auth.js names sessions', make: () => '7f0a4f0e-2d4c-4c57-9d6b-0d8f7a1b2c3d' },
  { cookie: 'a signed cookie of express-session', make: () => 's%3Aabc.def' },
  { cookie: 'one that is cut off', make: (good) => good.slice(0, -10) },
  { cookie: 'one with a letter more', make: (good) => `${good}A` },
  {
    cookie: 'one with a letter changed',
    make: (good) => good.slice(0, 20) + (good[20] === 'A' ? 'B' : 'A') + good.slice(21),
  },
  { cookie: 'one backwards', make: (good) => good.split('').toReversed().join('') },
  { cookie: 'one twice', make: (good) => good + good },
  { cookie: 'one of 8 KB', make: () => 'A'.repeat(8_192) },
  { cookie: 'one of 100 KB', make: (good) => good.padEnd(100_000, 'A') },
  { cookie: 'percents', make: () => '%%%' },
  { cookie: 'a NUL, encoded', make: (good) => `${good}%00` },
  { cookie: 'SQL', make: () => "' OR '1'='1" },
  { cookie: 'a path', make: () => '../../../../etc/passwd' },
  { cookie: '__proto__', make: () => '__proto__' },
]

/** The ways in which a good session ends, each leaving a cookie that was good once. */
const DEAD: readonly {
  readonly cookie: string
  readonly kill: (home: ReturnType<typeof openHome>) => unknown
  readonly needsStore?: true
  readonly only?: 'jwt'
}[] = [
  { cookie: 'an expired one', kill: ({ clock }) => clock.turn(30 * 86_400) },
  // A row has no date of issue that could lie ahead.
  { cookie: 'one from the future', kill: ({ clock }) => clock.turn(-3_600), only: 'jwt' },
  {
    cookie: 'one of a deleted user',
    kill: ({ adapter, clock }) => (clock.turn(301), adapter.deleteUser('ann')),
    needsStore: true,
  },
  {
    cookie: 'one that was revoked elsewhere',
    kill: async ({ adapter, clock }) => {
      clock.turn(301)
      await adapter.revokeSessions({ userId: 'ann', now: clock.read() })
    },
    needsStore: true,
  },
]

function expectSignedOut(browser: Browser): void {
  const last = browser.setCookies.map(parseSetCookie).filter(({ name }) => name.startsWith(COOKIE))
  expect(last.length).toBeGreaterThan(0)
  for (const { value, attributes } of last) {
    expect(value).toBe('')
    expect(attributes.get('max-age')).toBe('0')
  }
}

describe.each(HOMES)('bad cookies are "signed out", never a failure; $home', (home) => {
  async function openWith(make: (good: string) => string) {
    const opened = openHome(home)
    await opened.browser.signIn()
    const browser = createBrowser(opened.auth)
    browser.cookies.set(COOKIE, make(opened.browser.cookies.get(COOKIE) ?? ''))
    return { ...opened, browser }
  }

  test('the one they are made of is good', async () => {
    const { browser, lines } = await openWith((good) => good)
    expect((await browser.session())?.user.id).toBe('ann')
    expect(browser.setCookies).toEqual([])
    expect(lines).toEqual([])
  })

  test.each(BAD)('J13 C11 $cookie: null, nothing cleared, and no line in the log', async ({ make }) => {
    const { browser, lines } = await openWith(make)
    const response = await browser.get('/auth/session')
    expect(response.status).toBe(200)
    expect(await response.json()).toBeNull()
    expect(browser.setCookies).toEqual([])
    expect(lines).toEqual([])
  })

  test.each(BAD)('J13 S04 $cookie: does not stand in the way of signing in, or out', async ({ make }) => {
    const first = await openWith(make)
    expect((await first.browser.signIn()).status).toBe(200)
    expect((await first.browser.session())?.user.id).toBe('ann')
    const second = await openWith(make)
    const response = await second.browser.signOut()
    expect(await response.json()).toEqual({ signedOut: true })
    expectSignedOut(second.browser)
    const third = await openWith(make)
    expect((await third.browser.signIn('ann@example.com', 'wrong')).status).toBe(401)
    expect(third.browser.setCookies).toEqual([])
    expect([...first.lines, ...second.lines, ...third.lines]).toEqual([])
  })

  test.each(BAD)('J13 $cookie: nobody for auth.getSession, which clears nothing', async ({ make }) => {
    const { auth, browser } = await openWith(make)
    const request = new Request('http://app.test/', { headers: { cookie: `${COOKIE}=${browser.cookies.get(COOKIE)}` } })
    expect(await auth.getSession(request)).toBeNull()
  })

  const dead = DEAD.filter(({ needsStore, only }) => (home.store || !needsStore) && (!only || home.strategy === only))
  test.each(dead)('J13 C11 $cookie: null, and nothing cleared', async ({ kill }) => {
    const opened = openHome(home)
    await opened.browser.signIn()
    opened.browser.setCookies.length = 0
    await kill(opened)
    expect(await opened.browser.session()).toBeNull()
    expect(opened.browser.setCookies).toEqual([])
    expect(opened.lines).toEqual([])
  })

  test('S04 signing out twice, and without a session, is fine each time and clears with the same attributes', async () => {
    const { browser } = openHome(home)
    await browser.signIn()
    for (let time = 0; time < 3; time++) {
      const response = await browser.signOut()
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual({ signedOut: true })
      const [header = ''] = response.headers.getSetCookie()
      expect(header).toBe(`${COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`)
    }
  })

  test('Z08 what a bad cookie leaves behind is no session: the guarded question is refused', async () => {
    const { auth, browser } = await openWith(() => 'x')
    const cookie = `${COOKIE}=${browser.cookies.get(COOKIE)}`
    const response = { writability: () => 'none' as const, setCookie: () => {}, noStore: () => {} }
    const context = auth.createContext({
      method: 'GET',
      header: (name) => (name === 'cookie' ? cookie : null),
      response,
    })
    await expect(context.requireSession()).rejects.toMatchObject({ kind: 'InvalidToken', code: 'UNAUTHORIZED' })
    expect(await context.clientSession()).toBeNull()
    expect(await context.token()).toBeNull()
  })
})

describe.each(HOMES)('S01 fixation; $home', (home) => {
  test('a sign-in makes a new session, and ends the one that the browser came with', async () => {
    const { auth, browser } = openHome(home)
    await browser.signIn('mallory@example.com')
    const planted = browser.cookies.get(COOKIE) ?? ''
    // The attacker's own live session, planted in the victim's browser.
    const victim = createBrowser(auth)
    victim.cookies.set(COOKIE, planted)
    await victim.signIn('ann@example.com')
    expect(victim.cookies.get(COOKIE)).not.toBe(planted)
    expect((await victim.session())?.user.id).toBe('ann')
    // The planted one is dead: by its row, and without a store in this process.
    expect(await browser.session()).toBeNull()
  })

  test('signing in again as the same person too', async () => {
    const { auth, browser } = openHome(home)
    await browser.signIn()
    const before = browser.cookies.get(COOKIE) ?? ''
    await browser.signIn('ann@example.com', PASSWORD)
    expect(browser.cookies.get(COOKIE)).not.toBe(before)
    const thief = createBrowser(auth)
    thief.cookies.set(COOKIE, before)
    expect(await thief.session()).toBeNull()
  })

  test('a failed sign-in leaves the session as it was', async () => {
    const { browser } = openHome(home)
    await browser.signIn()
    await browser.signIn('ann@example.com', 'wrong')
    expect((await browser.session())?.user.id).toBe('ann')
  })
})

describe.each(HOMES.filter(({ store }) => store))('S03 S09 copies; $home', (home) => {
  test('S03 a copied cookie dies with the sign-out, at once and for good', async () => {
    const { auth, browser, clock } = openHome(home)
    await browser.signIn()
    const thief = createBrowser(auth)
    thief.cookies.set(COOKIE, browser.cookies.get(COOKIE) ?? '')
    expect((await thief.session())?.user.id).toBe('ann')
    const copy = thief.cookies.get(COOKIE) ?? ''
    await browser.signOut()
    for (const turned of [0, 1, 299, 301, 86_400]) {
      clock.turn(turned)
      thief.cookies.set(COOKIE, copy)
      expect(await thief.session()).toBeNull()
    }
  })

  test('S03 in another instance over the same store: at once, or within revalidateAge', async () => {
    const { auth, browser, adapter, clock } = openHome(home)
    const other = openHome(home, { adapter, clock: clock.read })
    await browser.signIn()
    const thief = createBrowser(other.auth)
    thief.cookies.set(COOKIE, browser.cookies.get(COOKIE) ?? '')
    expect((await thief.session())?.user.id).toBe('ann')
    await browser.signOut()
    if (home.strategy === 'jwt') clock.turn(300)
    expect(await thief.session()).toBeNull()
    expect(auth.features.strategy).toBe(home.strategy)
  })

  test("S09 a forged cookie that names somebody else's session signs nobody else out", async () => {
    const { auth, browser } = openHome(home)
    await browser.signIn('bob@example.com')
    const good = browser.cookies.get(COOKIE) ?? ''
    const session = await auth.getSession(new Request('http://app.test/', { headers: { cookie: `${COOKIE}=${good}` } }))
    const mallory = createBrowser(auth)
    for (const forged of [
      session?.sessionId ?? '',
      `jwt:${session?.sessionId}`,
      good.slice(0, -4),
      `${good.slice(0, -4)}AAAA`,
    ]) {
      mallory.cookies.set(COOKIE, forged)
      for (const body of [
        {},
        { everywhere: true },
        { userId: 'bob' },
        { sessionId: session?.sessionId },
        { id: session?.sessionId },
      ]) {
        expect((await mallory.signOut(body)).status).toBe(200)
      }
    }
    expect((await browser.session())?.user.id).toBe('bob')
  })

  test('S09 signing out everywhere ends all of a person, and nobody else', async () => {
    const { auth, browser } = openHome(home)
    const [phone, bob] = [createBrowser(auth), createBrowser(auth)]
    await browser.signIn()
    await phone.signIn()
    await bob.signIn('bob@example.com')
    await browser.signOut({ everywhere: true })
    expect(await phone.session()).toBeNull()
    expect((await bob.session())?.user.id).toBe('bob')
  })
})
