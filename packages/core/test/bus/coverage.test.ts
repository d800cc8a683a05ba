import { describe, expect, test } from 'vitest'
import { type BusConnection, memoryAdapter, type SessionBus } from '../../src/index.ts'
import { createCoverage } from '../../src/bus/coverage.ts'
import { createEngine } from '../../src/config/engine.ts'
import { COOKIE, makeAuth, openClock, openLog, ORIGIN, SECRET, SILENT } from '../support/auth.ts'
import { type Browser, createBrowser } from '../support/browser.ts'
import { follow } from '../support/follow.ts'
import { createNative } from '../support/native.ts'

const MINUTE = 60
/** Tokens that were built this long before a gap can't be newer than it, whatever the clocks say. Seconds. */
const BEYOND_SKEW = 130

/** An instance whose bus can be cut off from it: then nothing comes, and it is told so. */
function openBus() {
  const listeners = new Map<string, { listener: (message: string) => void; connection: BusConnection }>()
  const cut = new Set<string>()
  const open = (name: string): SessionBus => ({
    publish: (message) => {
      for (const [other, { listener }] of listeners) if (!cut.has(other)) listener(message)
    },
    subscribe: (listener, connection) => {
      listeners.set(name, { listener, connection })
      connection.connected()
      return () => void listeners.delete(name)
    },
  })
  return {
    open,
    cut: (name: string) => {
      cut.add(name)
      listeners.get(name)?.connection.lost()
    },
    join: (name: string, delivered?: number) => {
      cut.delete(name)
      listeners.get(name)?.connection.connected(delivered)
    },
  }
}

/** Two instances on one store that counts its reads and can be down. */
function openPair({ rowCache = false, tokens = false } = {}) {
  const clock = openClock()
  const { logger, lines } = openLog()
  const memory = memoryAdapter()
  const store = { reads: 0, isDown: false }
  const adapter = {
    ...memory,
    getSessionAndUser: async (token: string) => {
      store.reads++
      if (store.isDown) throw new Error('the store is down')
      return memory.getSessionAndUser(token)
    },
  }
  const bus = openBus()
  const open = (name: string) =>
    makeAuth({
      adapter,
      clock: clock.read,
      logger,
      bus: bus.open(name),
      session: { revalidateAge: '5m', ...(rowCache ? { strategy: 'database', rowCache: { maxAge: '1m' } } : {}) },
      ...(tokens && { tokens: { enabled: true } }),
    })
  const [here, there] = [open('here'), open('there')]
  return { ...bus, clock, store, lines, here, there, open: () => open('new') }
}

type Instance = Parameters<typeof createBrowser>[0]

async function signIn(auth: Instance): Promise<Browser> {
  const browser = createBrowser(auth)
  await browser.signIn()
  return browser
}

function copyTo(auth: Instance, { cookies }: Browser): Browser {
  const copy = createBrowser(auth)
  copy.cookies.set(COOKIE, cookies.get(COOKIE) ?? '')
  return copy
}

describe('X08 an instance that its bus reaches', () => {
  test('reads no row for a young token, and refuses at once what ended elsewhere', async () => {
    const { here, there, store, clock } = openPair()
    clock.turn(BEYOND_SKEW)
    const browser = await signIn(here)
    const copy = copyTo(there, browser)
    const before = store.reads
    expect(await copy.session()).not.toBeNull()
    expect(store.reads).toBe(before)
    await browser.signOut()
    expect(await copy.session()).toBeNull()
  })
})

describe('X08 an instance that is cut off from its bus', () => {
  test('asks the row: what ended elsewhere is refused within a second', async () => {
    const { here, there, cut, clock, store } = openPair()
    clock.turn(BEYOND_SKEW)
    const [browser, other] = [await signIn(here), await signIn(here)]
    const [copy, living] = [copyTo(there, browser), copyTo(there, other)]
    cut('there')
    expect([await copy.session(), await living.session()].map(Boolean)).toEqual([true, true])
    await browser.signOut()
    clock.turn(1.001)
    expect([await copy.session(), await living.session()].map(Boolean)).toEqual([false, true])
    // Once a second for each session, however often it is asked for.
    const before = store.reads
    for (let time = 0; time < 20; time++) await living.session()
    expect(store.reads - before).toBe(0)
  })

  test('asks the row of an access token too', async () => {
    const { here, there, cut, clock } = openPair({ tokens: true })
    clock.turn(BEYOND_SKEW)
    const [client, remote] = [createNative(here), createNative(there)]
    const { accessToken } = await client.signIn()
    cut('there')
    expect(await remote.whoAmI(accessToken)).toBe('ann')
    await client.post('/signout', {}, client.bearer(accessToken))
    clock.turn(1.001)
    expect(await remote.whoAmI(accessToken)).toBe('SessionRevoked')
  })

  test('ends the streams whose sessions ended elsewhere', async () => {
    const { here, there, cut, clock } = openPair()
    clock.turn(BEYOND_SKEW)
    const browser = await signIn(here)
    const { over } = await follow(there, browser)
    cut('there')
    await browser.signOut()
    clock.turn(1.001)
    expect(await over).toBe('SessionRevoked')
  })

  test('X03 goes on with young tokens if the store fails too, and with no others', async () => {
    const { here, there, cut, clock, store } = openPair()
    clock.turn(BEYOND_SKEW)
    const browser = await signIn(here)
    const copy = copyTo(there, browser)
    cut('there')
    store.isDown = true
    expect((await copy.session())?.user.id).toBe('ann')
    clock.turn(5 * MINUTE)
    const answer = await copy.get('/auth/session')
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([503, []])
    store.isDown = false
    expect((await copy.session())?.user.id).toBe('ann')
  })

  test('says so once, and once more when it is back', async () => {
    const { cut, join, lines } = openPair()
    for (let time = 0; time < 3; time++) cut('there')
    for (let time = 0; time < 3; time++) join('there')
    expect(lines.map(({ message }) => message.split('.')[0])).toEqual([
      'the session bus has lost its connection',
      'the session bus is connected again',
    ])
  })
})

describe('X08 an instance that its bus reaches again', () => {
  test('refuses what ended meanwhile, and asks each older token once', async () => {
    const { here, there, cut, join, clock, store } = openPair()
    clock.turn(BEYOND_SKEW)
    const [browser, other] = [await signIn(here), await signIn(here)]
    const [copy, living] = [copyTo(there, browser), copyTo(there, other)]
    expect([await copy.session(), await living.session()].map(Boolean)).toEqual([true, true])
    cut('there')
    await browser.signOut()
    join('there')
    expect(await copy.session()).toBeNull()
    const before = store.reads
    for (let time = 0; time < 5; time++) expect(await living.session()).not.toBeNull()
    expect(store.reads - before).toBe(1)
  })

  test('asks nobody if everything was delivered', async () => {
    const { here, there, cut, join, clock, store } = openPair()
    clock.turn(BEYOND_SKEW)
    const browser = await signIn(here)
    const copy = copyTo(there, browser)
    cut('there')
    clock.turn(10)
    join('there', 300_000)
    const before = store.reads
    expect(await copy.session()).not.toBeNull()
    expect(store.reads).toBe(before)
  })

  test('ends the streams whose sessions ended meanwhile, and no others', async () => {
    const { here, there, cut, join, clock } = openPair()
    clock.turn(BEYOND_SKEW)
    const [browser, other] = [await signIn(here), await signIn(here)]
    const [ended, living] = [await follow(there, browser), await follow(there, other)]
    cut('there')
    await browser.signOut()
    join('there')
    expect(await ended.over).toBe('SessionRevoked')
    expect(await Promise.race([living.over, Promise.resolve('open')])).toBe('open')
  })

  test.each([Number.NaN, -1, undefined, Infinity] as const)('takes %s for what it can mean', async (delivered) => {
    const { here, there, cut, join, clock } = openPair()
    clock.turn(BEYOND_SKEW)
    const browser = await signIn(here)
    cut('there')
    join('there', delivered)
    expect(await copyTo(there, browser).session()).not.toBeNull()
  })
})

test('X08 a row that was kept before a gap is read again', async () => {
  const { here, there, cut, join, clock, store } = openPair({ rowCache: true })
  clock.turn(BEYOND_SKEW)
  const browser = await signIn(here)
  const copy = copyTo(there, browser)
  expect(await copy.session()).not.toBeNull()
  const before = store.reads
  expect(await copy.session()).not.toBeNull()
  expect(store.reads).toBe(before)
  cut('there')
  await browser.signOut()
  clock.turn(2)
  join('there')
  expect(await copy.session()).toBeNull()
})

test('X08 an instance that has just started has heard of nothing, and asks', async () => {
  const { here, open, clock } = openPair()
  clock.turn(BEYOND_SKEW)
  const browser = await signIn(here)
  const copy = createBrowser(open())
  copy.cookies.set(COOKIE, browser.cookies.get(COOKIE) ?? '')
  await browser.signOut()
  const late = createBrowser(open())
  late.cookies.set(COOKIE, copy.cookies.get(COOKIE) ?? '')
  expect(await late.session()).toBeNull()
})

test('X08 a bus that can not be subscribed to counts as lost', async () => {
  const clock = openClock()
  const adapter = memoryAdapter()
  const bus: SessionBus = { publish: () => {}, subscribe: () => Promise.reject(new Error('not connected')) }
  const { logger, lines } = openLog()
  const [here, there] = [
    makeAuth({ adapter, clock: clock.read }),
    makeAuth({ adapter, clock: clock.read, bus, logger }),
  ]
  clock.turn(BEYOND_SKEW)
  const browser = await signIn(here)
  const copy = copyTo(there, browser)
  expect(await copy.session()).not.toBeNull()
  await browser.signOut()
  clock.turn(2)
  expect(await copy.session()).toBeNull()
  expect(lines.map(({ message }) => message)).toEqual(['the session bus could not be subscribed to'])
})

test('X08 what was forgotten stays forgotten, however much a bus delivers again', () => {
  const clock = openClock()
  const engine = createEngine({ secret: SECRET, baseUrl: ORIGIN, clock: clock.read, logger: SILENT })
  const { reaches, forgetUntil, connection } = createCoverage(engine, true)
  connection.connected(Infinity)
  const at = clock.read().getTime()
  expect(reaches(at)).toBe(true)
  forgetUntil(at)
  expect([reaches(at), reaches(at + 1)]).toEqual([false, true])
  connection.connected(Infinity)
  expect([reaches(at), reaches(at + 1)]).toEqual([false, true])
})
