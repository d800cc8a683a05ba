import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createSessionBus, memoryAdapter, type SessionAdapter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { COOKIE } from '../support/auth.ts'
import { createBrowser, readJson } from '../support/browser.ts'
import { openGate } from '../support/gate.ts'
import { HOMES, type Home, openHome } from '../support/strategies.ts'

const DAY = 86_400
const CLAIMS = { claims: { org: z.string() }, update: z.object({ org: z.string() }) }

/** A session that is due to be renewed, and a gate in the middle of renewing it: in the jwt callback, or in the store. */
async function openDue(home: Home, options: Partial<AnyOptions> = {}) {
  const gate = openGate()
  const store = memoryAdapter()
  const adapter: SessionAdapter = {
    ...store,
    slideSession: async (slide) => {
      const isExtended = await store.slideSession(slide)
      if (home.strategy === 'database') await gate.pass()
      return isExtended
    },
  }
  const { auth, browser, clock } = openHome(home, {
    ...CLAIMS,
    ...(home.store && { adapter }),
    callbacks: {
      jwt: async ({ token, user, session }) => {
        if (!user && !session) await gate.pass()
        return user ? { ...token, org: 'old' } : token
      },
    },
    ...options,
  })
  await browser.signIn()
  clock.turn(DAY)
  const cookie = browser.cookies.get(COOKIE) ?? ''
  return { auth, browser, clock, gate, cookie, headers: { cookie: `${COOKIE}=${cookie}` } }
}

describe.each(HOMES)('M07 S15 the later decision wins; $home', (home) => {
  test('a renewal that nothing comes between sends its cookie', async () => {
    const { browser, headers } = await openDue(home)
    const response = await browser.get('/auth/session', headers)
    expect(await response.json()).toMatchObject({ user: { id: 'ann' } })
    expect(response.headers.getSetCookie()).toHaveLength(1)
  })

  test('one that began before a sign-out sends none after it', async () => {
    const { browser, gate, headers } = await openDue(home)
    const { isReached, release } = gate.holdNext()
    const renewal = browser.get('/auth/session', headers)
    await isReached
    expect((await browser.signOut()).status).toBe(200)
    release()
    const response = await renewal
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await response.json()).toBeNull()
    expect(browser.cookies.size).toBe(0)
  })

  test('one that began before a new sign-in leaves its cookie alone', async () => {
    const { browser, gate, headers } = await openDue(home)
    const { isReached, release } = gate.holdNext()
    const renewal = browser.get('/auth/session', headers)
    await isReached
    expect((await browser.signIn('bob@example.com')).status).toBe(200)
    release()
    expect((await renewal).headers.getSetCookie()).toEqual([])
    expect((await browser.session())?.user.id).toBe('bob')
  })
})

describe.each(HOMES.filter(({ strategy }) => strategy === 'jwt'))('M07 S15 updateSession; $home', (home) => {
  const orgOf = async (response: Response) =>
    (await readJson<{ claims: { org?: string } } | null>(response))?.claims.org

  test('a renewal that began before it does not bring the old claim back', async () => {
    const { browser, gate, headers } = await openDue(home)
    const { isReached, release } = gate.holdNext()
    const renewal = browser.get('/auth/session', headers)
    await isReached
    expect(await orgOf(await browser.post('/auth/session', { org: 'new' }))).toBe('new')
    release()
    const response = await renewal
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await orgOf(response)).toBe('old')
    expect(await orgOf(await browser.get('/auth/session'))).toBe('new')
  })

  test('a request that began later, from the older cookie, does not either', async () => {
    const { browser, headers } = await openDue(home)
    await browser.post('/auth/session', { org: 'new' })
    const response = await browser.get('/auth/session', headers)
    expect(await response.json()).toMatchObject({ user: { id: 'ann' } })
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await orgOf(await browser.get('/auth/session'))).toBe('new')
  })

  test('within one second too: the token that it was made from is older', async () => {
    const { auth, clock } = await openDue(home, { session: { strategy: 'jwt', maxAge: '30d', updateAge: 1 } })
    const browser = createBrowser(auth)
    await browser.signIn()
    const headers = { cookie: `${COOKIE}=${browser.cookies.get(COOKIE)}` }
    await browser.post('/auth/session', { org: 'new' })
    clock.turn(1)
    expect((await browser.get('/auth/session', headers)).headers.getSetCookie()).toEqual([])
  })

  test('another instance on the same bus knows of it too', async () => {
    const bus = createSessionBus()
    const { browser, clock, headers } = await openDue(home, { bus })
    const { auth } = openHome({ ...home, store: false }, { ...CLAIMS, bus, clock: clock.read })
    const other = createBrowser(auth)
    expect((await other.get('/auth/session', headers)).headers.getSetCookie()).toHaveLength(1)
    await browser.post('/auth/session', { org: 'new' })
    const response = await other.get('/auth/session', headers)
    expect(await orgOf(response)).toBe('old')
    expect(response.headers.getSetCookie()).toEqual([])
  })

  test('the new cookie is renewed as any other', async () => {
    const { browser, clock } = await openDue(home)
    await browser.post('/auth/session', { org: 'new' })
    clock.turn(301)
    const response = await browser.get('/auth/session')
    expect(response.headers.getSetCookie()).toHaveLength(1)
    expect(await orgOf(response)).toBe('new')
  })

  test('one that began before a sign-out sends no cookie after it', async () => {
    const { browser, gate } = await openDue(home, {
      callbacks: {
        jwt: async ({ token, session }) => {
          if (session) await gate.pass()
          return token
        },
      },
    })
    const { isReached, release } = gate.holdNext()
    const update = browser.post('/auth/session', { org: 'new' })
    await isReached
    await browser.signOut()
    release()
    expect((await update).headers.getSetCookie()).toEqual([])
    expect(browser.cookies.size).toBe(0)
  })
})
