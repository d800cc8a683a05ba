import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { memoryAdapter } from '../../src/index.ts'
import { COOKIE, makeAuth, openClock } from '../support/auth.ts'
import { authJsAdapter } from '../support/base-adapter.ts'
import { createBrowser, readJson, readKind } from '../support/browser.ts'
import { createNative } from '../support/native.ts'
import { HOMES, openHome } from '../support/strategies.ts'

const fail = () => {
  throw new Error('the directory is down')
}

/** What a renewal may do to somebody, as their jwt callback does it. */
const FAILURES = [
  { what: 'succeeds', ruin: () => ({}), kind: undefined },
  { what: 'throws', ruin: fail, kind: 'CallbackRouteError' },
  { what: 'makes a claim that does not fit', ruin: () => ({ org: 7 }), kind: 'InvalidClaim' },
  { what: 'makes a token that no cookie holds', ruin: () => ({ note: 'x'.repeat(9_000) }), kind: 'SessionTooLarge' },
  { what: 'makes a claim that JSON cannot carry', ruin: () => ({ balance: 1n }), kind: 'CallbackRouteError' },
] as const

describe.each([{ store: true }, { store: false }])('C11 a browser whose renewal fails (store: $store)', ({ store }) => {
  async function open(ruin: () => object) {
    const clock = openClock()
    const adapter = memoryAdapter()
    const signOuts: unknown[] = []
    const auth = makeAuth({
      ...(store && { adapter }),
      session: { strategy: 'jwt' },
      claims: { org: z.string() },
      clock: clock.read,
      callbacks: {
        jwt: ({ token, user }) => (user || token.sub !== 'ann' ? token : { ...token, ...ruin() }),
      },
      events: { signOut: ({ userId }) => void signOuts.push(userId) },
    })
    const browser = createBrowser(auth)
    await browser.signIn()
    const cookie = browser.cookies.get(COOKIE)
    clock.turn(600)
    return { auth, adapter, clock, browser, cookie, signOuts }
  }

  test.each(FAILURES)('M11 renewal $what: signing out works, and ends the session', async ({ ruin, kind }) => {
    const { auth, browser, cookie, signOuts } = await open(ruin)
    const again = createBrowser(auth)
    again.cookies.set(COOKIE, cookie ?? '')
    expect(await readKind(await again.get('/auth/session'))).toBe(kind)
    browser.cookies.set(COOKIE, again.cookies.get(COOKIE) ?? '')
    const answer = await browser.signOut()
    expect([answer.status, await readJson<unknown>(answer)]).toEqual([200, { signedOut: true }])
    expect(browser.cookies.size).toBe(0)
    expect(signOuts).toEqual(['ann'])
    if (!store) return
    again.cookies.set(COOKIE, cookie ?? '')
    expect(await again.session()).toBeNull()
  })

  test.each(FAILURES)('M11 renewal $what: somebody else can sign in', async ({ ruin }) => {
    const { browser, auth, cookie } = await open(ruin)
    const answer = await browser.signIn('bob@example.com')
    expect(answer.status).toBe(200)
    expect((await browser.session())?.user.id).toBe('bob')
    if (!store) return
    const copy = createBrowser(auth)
    copy.cookies.set(COOKIE, cookie ?? '')
    expect(await copy.session()).toBeNull()
  })

  test('M11 signing out calls no callback', async () => {
    const { browser } = await open(fail)
    expect((await browser.signOut()).status).toBe(200)
  })
})

describe.each(HOMES)('C11 where sessions live in: $home', (home) => {
  test.each([
    { old: 'none', value: null },
    { old: 'garbage', value: 'garbage' },
    { old: 'a token of another secret', value: 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA' },
  ])('M11 signing out clears and signing in overwrites whatever the cookie is: $old', async ({ value }) => {
    const { browser } = openHome(home)
    if (value) browser.cookies.set(COOKIE, value)
    expect((await browser.signOut()).status).toBe(200)
    expect(browser.cookies.size).toBe(0)
    if (value) browser.cookies.set(COOKIE, value)
    expect((await browser.signIn()).status).toBe(200)
    expect((await browser.session())?.user.id).toBe('ann')
  })

  test('M11 a session that has ended elsewhere, or expired, is signed out of without an error', async () => {
    const { browser, clock } = openHome(home)
    await browser.signIn()
    clock.turn(100 * 86_400)
    expect((await browser.signOut()).status).toBe(200)
    expect(browser.cookies.size).toBe(0)
  })

  test('M11 a schema that throws for a stored claim keeps nobody from signing out', async () => {
    let isBroken = false
    const org = z.string().refine(() => (isBroken ? fail() : true))
    const { browser, auth } = openHome(home, {
      claims: { org },
      tokens: { enabled: true },
      callbacks: { jwt: ({ token }) => ({ ...token, org: 'acme' }) },
    })
    await browser.signIn()
    const native = createNative(auth)
    const { accessToken } = await native.signIn()
    isBroken = true
    expect((await browser.signOut()).status).toBe(200)
    expect((await native.post('/signout', {}, native.bearer(accessToken))).status).toBe(200)
  })
})

test('M11 C14 a store that is down answers a sign-out with its kind and clears nothing', async () => {
  const store = memoryAdapter()
  let isDown = false
  const revokeSession: typeof store.revokeSession = async (params) => (isDown ? fail() : store.revokeSession(params))
  const adapter = { ...store, revokeSession }
  const browser = createBrowser(makeAuth({ adapter, session: { strategy: 'jwt' } }))
  await browser.signIn()
  isDown = true
  expect(await readKind(await browser.signOut())).toBe('AdapterError')
  expect(browser.cookies.has(COOKIE)).toBe(true)
  isDown = false
  expect((await browser.signOut()).status).toBe(200)
  expect(browser.cookies.size).toBe(0)
})

test('M11 signing out of a jwt session asks nothing of an adapter that keeps no sessions', async () => {
  const { adapter } = authJsAdapter()
  const clock = openClock()
  let isDown = false
  const getUser: typeof adapter.getUser = async (id) => (isDown ? fail() : adapter.getUser(id))
  const auth = makeAuth({ adapter: { ...adapter, getUser }, session: { strategy: 'jwt' }, clock: clock.read })
  const browser = createBrowser(auth)
  await browser.signIn()
  clock.turn(600)
  isDown = true
  expect((await browser.signOut()).status).toBe(200)
  expect(browser.cookies.size).toBe(0)
})
