import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { COOKIE, PASSWORD, passwordProvider } from '../support/auth.ts'
import { createBrowser, readKind } from '../support/browser.ts'
import { openHome } from '../support/strategies.ts'

type Failure = (method: string) => unknown

/** A store that can be broken and mended, and that knows what was asked of it. */
function openStore() {
  const store = memoryAdapter()
  const state: { failure: Failure | null } = { failure: null }
  const adapter = new Proxy(store, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return (...args: unknown[]): unknown => (state.failure ? state.failure(String(name)) : method.apply(target, args))
    },
  })
  return { adapter, state }
}

const FAILURES: readonly { readonly store: string; readonly fail: Failure }[] = [
  { store: 'rejects', fail: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.5:5432')) },
  {
    store: 'throws at once',
    fail: () => {
      throw new Error('the pool is closed')
    },
  },
  { store: 'rejects with nothing', fail: () => Promise.reject() },
  { store: 'never answers', fail: () => new Promise(() => {}) },
  {
    store: 'answers when nobody waits any more',
    fail: () => new Promise((_, reject) => setTimeout(() => reject(new Error('too late')), 80)),
  },
]

describe.each(['jwt', 'database'] as const)(
  'X03 a store that is down is an error and never "signed out"; %s',
  (strategy) => {
    const rejections: unknown[] = []
    const remember = (reason: unknown) => void rejections.push(reason)
    beforeEach(() => void process.on('unhandledRejection', remember))
    afterEach(() => {
      process.off('unhandledRejection', remember)
      expect(rejections.splice(0)).toEqual([])
    })

    async function openSignedIn() {
      const { adapter, state } = openStore()
      const home = openHome({ strategy, store: true }, { adapter, adapterTimeout: 0.04 })
      await home.browser.signIn()
      home.browser.setCookies.length = 0
      // Old enough for the jwt strategy to ask the store as well.
      home.clock.turn(301)
      return { ...home, state, adapter }
    }

    test('while it is up, it is asked', async () => {
      const { browser } = await openSignedIn()
      expect((await browser.session())?.user.id).toBe('ann')
    })

    test.each(FAILURES)(
      'M23 C14 the store $store: 503 AdapterError with Retry-After, masked, logged, and nothing cleared',
      async ({ fail }) => {
        const { browser, state, lines } = await openSignedIn()
        state.failure = fail
        const asked: readonly (() => Promise<Response>)[] = [
          () => browser.get('/auth/session'),
          () => browser.signOut(),
          () => browser.signOut({ everywhere: true }),
          () => browser.signIn(),
          () => browser.signIn('bob@example.com', PASSWORD),
        ]
        for (const ask of asked) {
          const response = await ask()
          expect(response.status).toBe(503)
          expect(response.headers.get('retry-after')).toBe('1')
          expect(await readKind(response)).toBe('AdapterError')
          expect(await response.text()).not.toMatch(/ECONNREFUSED|10\.0\.0\.5|pool|too late/)
          expect(response.headers.getSetCookie()).toEqual([])
        }
        expect(lines).toHaveLength(asked.length)
        // And when it is back, nobody was signed out. A store that hung is found again by a probe, half an adapterTimeout later.
        state.failure = null
        await vi.waitFor(async () => expect(await browser.session()).toMatchObject({ user: { id: 'ann' } }))
        await new Promise((resolve) => setTimeout(resolve, 100))
      },
    )

    test.each(FAILURES)(
      'the store $store: auth.getSession and the guards throw, and do not say "nobody"',
      async ({ fail }) => {
        const { auth, browser, state } = await openSignedIn()
        state.failure = fail
        const cookie = `${COOKIE}=${browser.cookies.get(COOKIE)}`
        await expect(auth.getSession(new Request('http://app.test/', { headers: { cookie } }))).rejects.toMatchObject({
          kind: 'AdapterError',
        })
        const response = { writability: () => 'none' as const, setCookie: () => {}, noStore: () => {} }
        const context = auth.createContext({
          method: 'GET',
          header: (name) => (name === 'cookie' ? cookie : null),
          response,
        })
        await expect(context.requireSession()).rejects.toMatchObject({
          kind: 'AdapterError',
          code: 'SERVICE_UNAVAILABLE',
          retryAfter: 1,
        })
        await expect(context.session()).rejects.toMatchObject({ kind: 'AdapterError' })
        await expect(context.clientSession()).rejects.toMatchObject({ kind: 'AdapterError' })
      },
    )

    test.each(FAILURES)(
      'the store $store: who sends no cookie, or garbage, is nobody without asking it',
      async ({ fail }) => {
        const { auth, state } = await openSignedIn()
        state.failure = fail
        const browser = createBrowser(auth)
        expect(await browser.session()).toBeNull()
        browser.cookies.set(COOKIE, 'garbage')
        expect(await browser.session()).toBeNull()
        expect((await browser.signOut()).status).toBe(200)
      },
    )

    test.each([0, 1, 2, 3, 4, 5, 6, 7])(
      'X05 the store dies after %i calls of a sign-in: all of it happened, or nothing',
      async (calls) => {
        const { adapter, clock } = await openSignedIn()
        let left = calls
        const store = new Proxy(adapter, {
          get: (target, name) => {
            const method: unknown = Reflect.get(target, name)
            if (typeof method !== 'function') return method
            return (...args: unknown[]): unknown =>
              left-- > 0 ? method.apply(target, args) : Promise.reject(new Error('connection lost'))
          },
        })
        const visitor = createBrowser(openHome({ strategy, store: true }, { adapter: store, clock: clock.read }).auth)
        const response = await visitor.signIn('bob@example.com')
        const rows = await adapter.listSessions({ userId: 'bob', now: clock.read() })
        expect({ rows: rows.length, cookies: visitor.cookies.size }).toEqual(
          response.status === 200 ? { rows: 1, cookies: 1 } : { rows: 0, cookies: 0 },
        )
        if (calls === 7) expect(response.status).toBe(200)
      },
    )

    test.each(['createSession', 'getSessionAndUser', 'getUser', 'createUser', 'slideSession', 'revokeSession'])(
      'X05 %s alone fails: no session is left behind that nobody holds, and none is lost',
      async (broken) => {
        const { browser, adapter, clock } = await openSignedIn()
        const before = await adapter.listSessions({ userId: 'ann', now: clock.read() })
        expect(before).toHaveLength(1)
        const store = new Proxy(adapter, {
          get: (target, name) =>
            name === broken ? () => Promise.reject(new Error('disk full')) : Reflect.get(target, name),
        })
        const other = openHome({ strategy, store: true }, { adapter: store, clock: clock.read })
        const visitor = createBrowser(other.auth)
        const response = await visitor.signIn('bob@example.com')
        const rows = await adapter.listSessions({ userId: 'bob', now: clock.read() })
        // Either all of it happened, or nothing. What signing in doesn't ask, it doesn't need.
        const isNeeded = ['createSession', 'getUser', 'createUser'].includes(broken)
        expect(response.status).toBe(isNeeded ? 503 : 200)
        expect(rows).toHaveLength(response.status === 200 ? 1 : 0)
        expect(visitor.cookies.has(COOKIE)).toBe(response.status === 200)
        expect(await adapter.listSessions({ userId: 'ann', now: clock.read() })).toHaveLength(before.length)
        expect((await browser.session())?.user.id).toBe('ann')
      },
    )
  },
)

test.each([
  { when: 'at the first sign-in', known: false },
  { when: 'later', known: true },
])(
  'M23 an e-mail address that another user has is a mistake of the app, and not a store that is down; $when',
  async ({ known }) => {
    let emails: Readonly<Record<string, string>> = { ann: 'ann@example.com', ben: 'ben@example.com' }
    const authorize = ({ email: id }: { readonly email: string }) => ({ id, name: id, email: emails[id] })
    const { auth } = openHome({ strategy: 'jwt', store: true }, { providers: [passwordProvider(authorize)] })
    expect((await createBrowser(auth).signIn('ann')).status).toBe(200)
    if (known) expect((await createBrowser(auth).signIn('ben')).status).toBe(200)
    emails = { ann: 'ann@example.com', ben: 'ann@example.com' }
    const response = await createBrowser(auth).signIn('ben')
    expect([response.status, await readKind(response)]).toEqual([500, 'CallbackRouteError'])
    expect(response.headers.has('retry-after')).toBe(false)
  },
)

test('G4 a fresh jwt cookie is believed while the store is down', async () => {
  const { adapter, state } = openStore()
  const { browser } = openHome({ strategy: 'jwt', store: true }, { adapter })
  await browser.signIn()
  state.failure = () => Promise.reject(new Error('down'))
  expect((await browser.session())?.user.id).toBe('ann')
})

test.each([
  { answer: 'null', value: null },
  { answer: 'undefined', value: undefined },
])('an adapter that answers $answer for a session has none', async ({ value }) => {
  const { adapter, state } = openStore()
  const { browser } = openHome({ strategy: 'database', store: true }, { adapter })
  await browser.signIn()
  state.failure = () => Promise.resolve(value)
  expect(await browser.session()).toBeNull()
})
