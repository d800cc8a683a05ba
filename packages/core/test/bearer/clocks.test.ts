import { expect, test } from 'vitest'
import { memoryAdapter, type SessionAdapter } from '../../src/index.ts'
import { COOKIE, makeAuth, openClock } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { createNative, expectTokens } from '../support/native.ts'

/** A store with a clock of its own, as a database server has one: it tells the time when it is read, and rotates by it. */
function openStore(clock: () => Date): SessionAdapter {
  const store = memoryAdapter()
  return {
    ...store,
    getSessionAndUser: async (sessionToken) => {
      const found = await store.getSessionAndUser(sessionToken)
      return found && { ...found, now: clock() }
    },
    rotateSession: async (rotation) => store.rotateSession({ ...rotation, now: clock() }),
  }
}

/** Two instances on one store; the second's clock differs from the first's by that many seconds. */
function openInstances(apart: number) {
  const clock = openClock()
  const adapter = openStore(clock.read)
  const reuses: unknown[] = []
  const events = { tokenReuse: (event: unknown) => void reuses.push(event) }
  const start = (offset: number) =>
    makeAuth({
      adapter,
      events,
      session: { strategy: 'jwt' },
      tokens: { enabled: true },
      clock: () => new Date(clock.read().getTime() + offset * 1_000),
    })
  return { clock, reuses, here: start(0), there: start(apart) }
}

test.each([{ apart: 0 }, { apart: 90 }, { apart: -90 }, { apart: 119 }, { apart: -119 }])(
  'M13 the parent inside the window is no theft where the second instance’s clock is $apart s ahead',
  async ({ apart }) => {
    const { clock, here, there, reuses } = openInstances(apart)
    const first = await createNative(here).signIn()
    expectTokens(await createNative(here).refresh(first.refreshToken))
    clock.turn(20)
    const again = expectTokens(await createNative(there).refresh(first.refreshToken))
    clock.turn(20)
    expectTokens(await createNative(here).refresh(again.refreshToken))
    expect(reuses).toEqual([])
  },
)

test.each([{ apart: 0 }, { apart: 90 }, { apart: -90 }])(
  'M13 the window is no longer for it: the parent after 31 seconds is theft, $apart s apart',
  async ({ apart }) => {
    const { clock, here, there } = openInstances(apart)
    const first = await createNative(here).signIn()
    expectTokens(await createNative(here).refresh(first.refreshToken))
    clock.turn(31)
    expect(await createNative(there).refresh(first.refreshToken)).toBe('TokenReuse')
  },
)

test.each([{ apart: 0 }, { apart: 90 }, { apart: 119 }])(
  'M13 a cookie and a token pair fresh from an instance $apart s ahead count at once in another',
  async ({ apart }) => {
    const { here, there } = openInstances(apart)
    const browser = createBrowser(there)
    await browser.signIn()
    const elsewhere = createBrowser(here)
    elsewhere.cookies.set(COOKIE, browser.cookies.get(COOKIE) ?? '')
    expect((await elsewhere.session())?.user.id).toBe('ann')
    const { accessToken, refreshToken } = await createNative(there).signIn()
    expect(await createNative(here).whoAmI(accessToken)).toBe('ann')
    expectTokens(await createNative(here).refresh(refreshToken))
  },
)

test('M13 a cookie from further ahead than two clocks can be apart is not ours', async () => {
  const { here, there } = openInstances(121)
  const browser = createBrowser(there)
  await browser.signIn()
  const elsewhere = createBrowser(here)
  elsewhere.cookies.set(COOKIE, browser.cookies.get(COOKIE) ?? '')
  expect(await elsewhere.session()).toBeNull()
})
