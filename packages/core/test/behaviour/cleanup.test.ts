import { describe, expect, test, vi } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { makeAuth, openClock, openLog } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'

const HOUR = 3_600

/** A store with this many sessions and codes that ended long ago, and what was asked of it to delete. */
async function openStore(clock: ReturnType<typeof openClock>, expired = 3) {
  const store = memoryAdapter()
  const batches: (number | undefined)[] = []
  const long = new Date(clock.read().getTime() - 24 * HOUR * 1_000)
  await store.createUser({ id: 'old', name: null, email: null, image: null, emailVerified: null })
  for (let i = 0; i < expired; i++) {
    await store.createVerificationToken({ identifier: 'old@example.com', token: `old ${i}`, expires: long })
  }
  const adapter = {
    ...store,
    deleteExpired: (params: { readonly now: Date; readonly limit?: number }) => {
      batches.push(params.limit)
      return store.deleteExpired(params)
    },
  }
  /** How many of the rows are left. Asking takes them. */
  const countLeft = async () => {
    const names = Array.from({ length: expired }, (_, i) => ({ identifier: 'old@example.com', token: `old ${i}` }))
    const found = await Promise.all(names.map((name) => store.useVerificationToken(name)))
    return found.filter((row) => row !== null).length
  }
  return { store, adapter, batches, countLeft }
}

async function openInstance(options: Partial<AnyOptions> = {}, expired = 3) {
  const clock = openClock()
  const opened = await openStore(clock, expired)
  const { logger, lines } = openLog()
  const auth = makeAuth({ adapter: opened.adapter, clock: clock.read, logger, ...options })
  return { ...opened, clock, auth, lines, browser: createBrowser(auth) }
}

/** Waits until the background has nothing left to do that needs no pause. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('M22 what has expired is deleted by itself', () => {
  test.each(['jwt', 'database'] as const)('after a sign-in; %s', async (strategy) => {
    const { browser, batches, countLeft } = await openInstance({ session: { strategy } })
    expect((await browser.signIn()).status).toBe(200)
    await settle()
    expect(batches).toEqual([500])
    expect(await countLeft()).toBe(0)
  })

  test('after a refresh', async () => {
    const { browser, clock, batches } = await openInstance({ tokens: { enabled: true } })
    const { refreshToken } = (await (await browser.signIn('ann@example.com', 'right', { flow: 'token' })).json()) as {
      readonly refreshToken: string
    }
    await settle()
    clock.turn(HOUR)
    expect((await browser.post('/auth/token', { refreshToken })).status).toBe(200)
    await settle()
    expect(batches).toEqual([500, 500])
  })

  test('sessions too, which live rows and tombstones survive', async () => {
    const { browser, auth, clock, store } = await openInstance({ session: { strategy: 'database', maxAge: '2h' } })
    await browser.signIn()
    clock.turn(1.5 * HOUR)
    const other = createBrowser(auth)
    await other.signIn('bob@example.com')
    await other.signOut()
    clock.turn(HOUR)
    await createBrowser(auth).signIn('cy@example.com')
    await settle()
    const left = await Promise.all(['ann', 'bob', 'cy'].map((userId) => readRows(store, userId, clock.read())))
    expect(left).toEqual([0, 0, 1])
    // Bob's has been ended and not expired: its row stays, so that a copy of its cookie can't come back.
    expect(await store.deleteExpired({ now: clock.read() })).toBe(0)
    clock.turn(2 * HOUR)
    // His, cy's, and the one that says who cleans up in this hour.
    expect(await store.deleteExpired({ now: clock.read() })).toBe(3)
  })

  test('in batches of the size that is set, until nothing is left', async () => {
    const { browser, batches, countLeft } = await openInstance({ cleanup: { batch: 10 } }, 25)
    await browser.signIn()
    await vi.waitFor(() => expect(batches).toEqual([10, 10, 10]))
    expect(await countLeft()).toBe(0)
  })

  test('no more often than is set', async () => {
    const { browser, clock, batches } = await openInstance({ cleanup: { every: '2h' } })
    for (const [turned, runs] of [
      [0, 1],
      [HOUR, 1],
      [HOUR, 2],
    ] as const) {
      clock.turn(turned)
      await browser.signIn()
      await settle()
      expect(batches).toHaveLength(runs)
    }
  })

  test('by one of many instances in an hour', async () => {
    const { adapter, clock, batches } = await openInstance()
    const instances = Array.from({ length: 8 }, () => createBrowser(makeAuth({ adapter, clock: clock.read })))
    await Promise.all(instances.map((browser) => browser.signIn()))
    await settle()
    expect(batches).toHaveLength(1)
    clock.turn(HOUR)
    await Promise.all(instances.map((browser) => browser.signIn()))
    await settle()
    expect(batches).toHaveLength(2)
  })

  test('by each instance if the store keeps no one-time codes', async () => {
    const { adapter, clock, batches } = await openInstance()
    const { createVerificationToken, useVerificationToken, ...less } = adapter
    expect([createVerificationToken, useVerificationToken]).toEqual([expect.any(Function), expect.any(Function)])
    for (const browser of [1, 2].map(() => createBrowser(makeAuth({ adapter: less, clock: clock.read })))) {
      await browser.signIn()
      await settle()
    }
    expect(batches).toHaveLength(2)
  })

  test('a run that was cut off half-way, as a Worker ends with its request, is taken up by a later write', async () => {
    const { adapter, clock, batches } = await openInstance()
    let isCut = true
    const store = {
      ...adapter,
      deleteExpired: (params: { now: Date }) => (isCut ? cutOff(batches) : adapter.deleteExpired(params)),
    }
    const browser = createBrowser(makeAuth({ adapter: store, clock: clock.read, adapterTimeout: '10m' }))
    await browser.signIn()
    await settle()
    isCut = false
    await browser.signIn()
    await settle()
    expect(batches).toHaveLength(1)
    clock.turn(31)
    await browser.signIn()
    await settle()
    expect(batches).toHaveLength(2)
  })
})

describe('M22 it fails nothing', () => {
  test('nobody waits for it', async () => {
    const { adapter, clock, countLeft } = await openInstance()
    const store = { ...adapter, deleteExpired: () => new Promise<never>(() => {}) }
    const browser = createBrowser(makeAuth({ adapter: store, clock: clock.read, adapterTimeout: '10m' }))
    expect((await browser.signIn()).status).toBe(200)
    expect((await browser.session())?.user.id).toBe('ann')
    expect(await countLeft()).toBe(3)
  })

  test('an error is logged once, and it is tried again in the next hour', async () => {
    const { adapter, clock } = await openInstance()
    const { logger, lines } = openLog()
    let tries = 0
    const fail = () => {
      tries++
      return Promise.reject(new Error('lock wait timeout'))
    }
    const failing = { ...adapter, deleteExpired: fail }
    const browser = createBrowser(makeAuth({ adapter: failing, clock: clock.read, logger }))
    for (const turned of [0, 60, HOUR, HOUR]) {
      clock.turn(turned)
      expect((await browser.signIn()).status).toBe(200)
      await settle()
    }
    expect(tries).toBe(3)
    expect(lines.map(({ message }) => message)).toEqual(['expired rows could not be deleted; it is tried again later'])
  })

  test('after close() none begins, and one that a closing database fails is not logged', async () => {
    const { adapter, clock } = await openInstance()
    const { logger, lines } = openLog()
    let failNow: (cause: Error) => void = () => {}
    const database = new Promise<number>((_resolve, reject) => (failNow = reject))
    const tries: Date[] = []
    const slow = {
      ...adapter,
      deleteExpired: ({ now }: { readonly now: Date }) => (tries.push(now), database),
    }
    const auth = makeAuth({ adapter: slow, clock: clock.read, logger })
    const browser = createBrowser(auth)
    await browser.signIn()
    await settle()
    await auth.close()
    failNow(new Error('driver has already been destroyed'))
    clock.turn(HOUR)
    expect((await browser.signIn()).status).toBe(200)
    await settle()
    expect(tries).toHaveLength(1)
    expect(lines).toEqual([])
  })

  test('it can be turned off', async () => {
    const { browser, batches, countLeft } = await openInstance({ cleanup: false })
    await browser.signIn()
    await settle()
    expect(batches).toEqual([])
    expect(await countLeft()).toBe(3)
  })
})

async function readRows(store: ReturnType<typeof memoryAdapter>, userId: string, now: Date): Promise<number> {
  return (await store.listSessions({ userId, now })).length
}

/** Asked, and never answered. */
function cutOff(batches: (number | undefined)[]): Promise<never> {
  batches.push(undefined)
  return new Promise(() => {})
}
