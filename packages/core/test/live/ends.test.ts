import { describe, expect, test } from 'vitest'
import { type Auth, createSessionBus, memoryAdapter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { COOKIE, makeAuth, ORIGIN } from '../support/auth.ts'
import { authJsAdapter } from '../support/base-adapter.ts'
import { type Browser, createBrowser } from '../support/browser.ts'

const HOMES: readonly { readonly home: string; readonly options: () => Partial<AnyOptions> }[] = [
  { home: 'jwt without an adapter', options: () => ({ session: { strategy: 'jwt' } }) },
  { home: 'jwt with an Auth.js adapter', options: () => ({ ...authJs(), session: { strategy: 'jwt' } }) },
  { home: 'jwt with rows', options: () => ({ adapter: memoryAdapter(), session: { strategy: 'jwt' } }) },
  { home: 'database with an Auth.js adapter', options: () => ({ ...authJs(), session: { strategy: 'database' } }) },
  { home: 'database with rows', options: () => ({ adapter: memoryAdapter(), session: { strategy: 'database' } }) },
]

function authJs() {
  const { adapter, users, sessions } = authJsAdapter()
  const deleteUser = async (id: string) => {
    users.delete(id)
    for (const [token, { userId }] of sessions) if (userId === id) sessions.delete(token)
  }
  return { adapter: { ...adapter, deleteUser } }
}

/** Follows the session of a browser, as a stream does: `over` is the kind of its end. */
async function follow(auth: Auth, { cookies }: Browser): Promise<{ readonly over: Promise<string> }> {
  const cookie = `${COOKIE}=${cookies.get(COOKIE)}`
  const context = auth.createContext({
    method: 'GET',
    header: (name) => ({ cookie, origin: ORIGIN })[name],
    response: { writability: () => 'none', setCookie: () => {}, noStore: () => {} },
  })
  let finish: (kind: string) => void = () => {}
  const over = new Promise<string>((resolve) => (finish = resolve))
  await context.watch({ changed: () => {}, ended: ({ kind }) => finish(kind) })
  return { over }
}

async function open(options: Partial<AnyOptions>) {
  const auth = makeAuth(options)
  const browser = createBrowser(auth)
  await browser.signIn()
  const session = await browser.session()
  expect(session?.user.id).toBe('ann')
  return { auth, browser, stream: await follow(auth, browser) }
}

describe.each(HOMES)('M02 S14 a stream of this instance ends ($home)', ({ options }) => {
  test('with signing out, and a copy of the cookie is refused here', async () => {
    const { auth, browser, stream } = await open(options())
    const copy = browser.cookies.get(COOKIE) ?? ''
    expect((await browser.signOut()).status).toBe(200)
    expect(await stream.over).toBe('SessionRevoked')
    const thief = createBrowser(auth)
    thief.cookies.set(COOKIE, copy)
    expect(await thief.session()).toBeNull()
  })

  test('with a new sign-in in its browser', async () => {
    const { browser, stream } = await open(options())
    await browser.signIn('bob@example.com')
    expect(await stream.over).toBe('SessionRevoked')
  })

  test('with the deletion of its user, or that is refused by name', async () => {
    const { auth, stream } = await open(options())
    if (options().adapter === undefined) {
      await expect(auth.deleteUser('ann')).rejects.toMatchObject({
        kind: 'Configuration',
        message: expect.stringContaining('deleteUser'),
      })
    } else {
      await auth.deleteUser('ann')
      expect(await stream.over).toBe('SessionRevoked')
    }
  })
})

describe.each(['jwt', 'database'] as const)('M02 S14 with rows, under the %s strategy', (strategy) => {
  const openTwo = async () => {
    const adapter = memoryAdapter()
    const { auth, browser, stream } = await open({ adapter, session: { strategy } })
    const other = createBrowser(auth)
    await other.signIn()
    return { auth, browser, stream, other }
  }

  test.each<{ how: string; end: (auth: Auth, other: Browser) => Promise<unknown> }>([
    { how: 'signing out everywhere', end: (_auth, other) => other.signOut({ everywhere: true }) },
    { how: 'revoking the others', end: (auth, other) => contextOf(auth, other).sessions.revokeOthers() },
  ])('a stream ends with $how', async ({ end }) => {
    const { auth, other, stream } = await openTwo()
    await end(auth, other)
    expect(await stream.over).toBe('SessionRevoked')
  })

  test('auth.revokeSessions ends all of a user’s, and says how many', async () => {
    const { auth, browser, other, stream } = await openTwo()
    const stranger = createBrowser(auth)
    await stranger.signIn('bob@example.com')
    expect(await auth.revokeSessions('ann')).toEqual({ revoked: 2 })
    expect(await stream.over).toBe('SessionRevoked')
    expect([await browser.session(), await other.session()]).toEqual([null, null])
    expect((await stranger.session())?.user.id).toBe('bob')
    expect(await auth.revokeSessions('ann')).toEqual({ revoked: 0 })
  })

  test('auth.deleteUser ends them in another instance on the same bus', async () => {
    const [adapter, bus] = [memoryAdapter(), createSessionBus()]
    const here = makeAuth({ adapter, bus, session: { strategy } })
    const there = await open({ adapter, bus, session: { strategy } })
    await here.deleteUser('ann')
    expect(await there.stream.over).toBe('SessionRevoked')
    expect(await there.browser.session()).toBeNull()
  })
})

function contextOf(auth: Auth, { cookies }: Browser) {
  const cookie = `${COOKIE}=${cookies.get(COOKIE)}`
  return auth.createContext({
    method: 'POST',
    header: (name) => ({ cookie, origin: ORIGIN })[name],
    response: { writability: () => 'writable', setCookie: () => {}, noStore: () => {} },
  })
}

test.each(['', 7, null, undefined])(
  'auth.revokeSessions and auth.deleteUser take the id of a user, not %j',
  async (id) => {
    const { auth } = await open({ adapter: memoryAdapter() })
    for (const end of [auth.revokeSessions, auth.deleteUser]) {
      await expect(end(id as string)).rejects.toMatchObject({ kind: 'InvalidInput' }) // a JavaScript caller
    }
  },
)

test('without session rows auth.revokeSessions is refused by name', async () => {
  const { auth } = await open(authJs())
  await expect(auth.revokeSessions('ann')).rejects.toMatchObject({
    kind: 'Configuration',
    message: expect.stringContaining('revokeSessions'),
  })
})
