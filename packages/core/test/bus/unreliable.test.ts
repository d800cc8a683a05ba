import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { AnyOptions } from '../../src/config/options.ts'
import { memoryAdapter, type SessionBus, type Token } from '../../src/index.ts'
import { COOKIE, makeAuth, openClock, openLog } from '../support/auth.ts'
import { type Browser, createBrowser } from '../support/browser.ts'
import { follow } from '../support/follow.ts'
import { openGate } from '../support/gate.ts'
import { openWire } from '../support/wire.ts'

const CLAIMS = { claims: { org: z.string() }, update: z.object({ org: z.string() }) }
const MINUTE = 60

/** Two instances on one store that counts its reads, with a bus between them in the test's hands. */
function openPair(session: NonNullable<AnyOptions['session']>, { store = true } = {}) {
  const wire = openWire()
  const clock = openClock()
  const { logger, lines } = openLog()
  const memory = memoryAdapter()
  let reads = 0
  const adapter = {
    ...memory,
    getSessionAndUser: (token: string) => {
      reads++
      return memory.getSessionAndUser(token)
    },
  }
  const ends = [wire.openEnd(), wire.openEnd()] as const
  const open = (bus: SessionBus, more: Partial<AnyOptions> = {}) =>
    makeAuth({ ...(store && { adapter }), ...CLAIMS, session, bus, clock: clock.read, logger, ...more })
  return { ...wire, clock, adapter, ends, here: open(ends[0]), there: open(ends[1]), open, reads: () => reads, lines }
}

async function signIn(auth: Parameters<typeof createBrowser>[0]): Promise<Browser> {
  const browser = createBrowser(auth)
  await browser.signIn()
  return browser
}

function copyTo(auth: Parameters<typeof createBrowser>[0], { cookies }: Browser): Browser {
  const copy = createBrowser(auth)
  copy.cookies.set(COOKIE, cookies.get(COOKIE) ?? '')
  return copy
}

/** Lets everything happen that waits for no clock. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 5))

/** A generator of numbers from 0 to 1 that gives the same ones in each run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

describe.each(['jwt', 'database'] as const)(
  'under the %s strategy, over a bus that reorders, repeats and loses',
  (strategy) => {
    test.each([1, 2, 3, 4, 5])(
      'S14 what arrives ends its session, what is lost is found within revalidateAge (%i)',
      async (seed) => {
        const random = createRandom(seed)
        const { here, there, sent, ends, clock } = openPair({
          strategy,
          revalidateAge: '5m',
          ...(strategy === 'database' && { rowCache: { maxAge: '1m' } }),
        })
        const pairs: Browser[] = []
        while (pairs.length < 12) pairs.push(await signIn(here))
        const copies = pairs.map((browser) => copyTo(there, browser))
        for (const copy of copies) expect(await copy.session()).not.toBeNull()
        const messages: { readonly message: string; readonly copy: Browser }[] = []
        for (const [index, browser] of pairs.entries()) {
          if (index < 10) await browser.signOut()
          for (const message of sent.splice(0)) messages.push({ message, copy: copies[index]! })
        }
        expect(messages).toHaveLength(10)
        const lost = new Set(shuffled(messages, random).slice(0, 3))
        const delivered = messages.filter((message) => !lost.has(message))
        for (const { message } of shuffled([...delivered, ...delivered], random)) ends[1].deliver(message)
        for (const { copy } of delivered) expect(await copy.session()).toBeNull()
        for (const copy of copies.slice(10)) expect(await copy.session()).not.toBeNull()
        for (const { copy } of lost) expect(await copy.session()).not.toBeNull()
        clock.turn(5 * MINUTE)
        for (const { copy } of lost) expect(await copy.session()).toBeNull()
        for (const copy of copies.slice(10)) expect(await copy.session()).not.toBeNull()
      },
    )

    test.each([1, 2, 3, 4, 5])(
      'S15 of many changes the last one stands, in whatever order they are told (%i)',
      async (seed) => {
        const random = createRandom(seed)
        const { here, there, sent, ends } = openPair({ strategy })
        const browser = await signIn(here)
        const { claims } = await follow(there, browser)
        for (let change = 0; change < 6; change++) await browser.post('/auth/session', { org: `org ${change}` })
        expect(sent).toHaveLength(6)
        for (const message of shuffled([...sent, ...sent], random)) {
          ends[1].deliver(message)
          await settle()
        }
        expect(claims.at(-1)).toEqual({ org: 'org 5' })
        // Nothing goes backwards on the way.
        const seen = claims.map((at) => Number((at as { org: string }).org.slice(4)))
        expect(seen).toEqual(seen.toSorted((a, b) => a - b))
      },
    )
  },
)

describe('whoever keeps messages and sends them again', () => {
  test('S14 changes nothing by an end: nobody else is signed out, and the store is asked no more than before', async () => {
    const { here, there, sent, ends, reads, lines } = openPair({ strategy: 'jwt' })
    const [browser, other] = [await signIn(here), await signIn(here)]
    const copy = copyTo(there, other)
    await browser.signOut()
    const again = await signIn(here)
    const before = reads()
    for (let time = 0; time < 1_000; time++) for (const message of sent) ends[1].deliver(message)
    expect(await copyTo(there, browser).session()).toBeNull()
    expect((await copy.session())?.user.id).toBe('ann')
    expect((await copyTo(there, again).session())?.user.id).toBe('ann')
    expect([reads(), lines]).toEqual([before, []])
  })

  test('brings no old claims back where they are in the cookie', async () => {
    const { here, there, sent, ends } = openPair({ strategy: 'jwt' }, { store: false })
    const browser = await signIn(here)
    const { claims } = await follow(there, browser)
    await browser.post('/auth/session', { org: 'old' })
    await browser.post('/auth/session', { org: 'new' })
    const [old = '', latest = ''] = sent
    for (const message of [old, latest, old, latest, old]) ends[1].deliver(message)
    await settle()
    expect(claims).toEqual([{ org: 'old' }, { org: 'new' }])
  })

  test('nor in an instance that has just started: neither to a newer stream, nor after five minutes', async () => {
    const { here, sent, open, openEnd, clock } = openPair({ strategy: 'jwt' }, { store: false })
    const browser = await signIn(here)
    const first = copyTo(here, browser)
    clock.turn(1)
    await browser.post('/auth/session', { org: 'old' })
    clock.turn(1)
    await browser.post('/auth/session', { org: 'new' })
    const [old = ''] = sent
    const end = openEnd()
    const fresh = open(end)
    const newer = await follow(fresh, browser)
    end.deliver(old)
    await settle()
    expect(newer.claims).toEqual([])
    const lateEnd = openEnd()
    const older = await follow(open(lateEnd), first)
    clock.turn(5 * MINUTE)
    lateEnd.deliver(old)
    await settle()
    expect(older.claims).toEqual([])
  })

  test('nor where another instance has replaced them meanwhile', async () => {
    const { here, there, sent, open, openEnd } = openPair({ strategy: 'jwt' }, { store: false })
    const end = openEnd()
    const browser = await signIn(here)
    const { claims } = await follow(open(end), browser)
    await browser.post('/auth/session', { org: 'old' })
    await copyTo(there, browser).post('/auth/session', { org: 'new' })
    const [old = '', latest = ''] = sent
    for (const message of [latest, old]) end.deliver(message)
    await settle()
    expect(claims).toEqual([{ org: 'new' }])
  })

  test('nor for longer than it takes to ask, where the app has taken them away meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { here, sent, ends, open, clock } = openPair({ strategy: 'jwt' })
      const jwt = ({ token }: { readonly token: Token }) => ({ ...token, org: 'taken away' })
      const there = open(ends[1], { callbacks: { jwt } })
      const browser = await signIn(here)
      const { claims } = await follow(there, browser)
      clock.turn(1)
      await browser.post('/auth/session', { org: 'old' })
      clock.turn(4.5 * MINUTE)
      await vi.advanceTimersByTimeAsync(4.5 * MINUTE * 1_000)
      await vi.waitFor(() => expect(claims).toEqual([{ org: 'taken away' }]))
      ends[1].deliver(sent[0])
      await vi.waitFor(() => expect(claims.slice(1)).toEqual([{ org: 'old' }, { org: 'taken away' }]))
    } finally {
      vi.useRealTimers()
    }
  })

  test('M07 does not keep cookies from being renewed', async () => {
    const { here, there, sent, ends, clock } = openPair(
      { strategy: 'jwt', maxAge: '30d', updateAge: '1h' },
      { store: false },
    )
    const browser = await signIn(here)
    clock.turn(1)
    await browser.post('/auth/session', { org: 'new' })
    const [changed = ''] = sent
    ends[1].deliver(changed)
    clock.turn(60 * MINUTE)
    for (let time = 0; time < 10; time++) ends[1].deliver(changed)
    const response = await copyTo(there, browser).get('/auth/session')
    expect(response.headers.getSetCookie()).toHaveLength(1)
  })

  test('causes reads of the row, and no more, where a row holds the claims', async () => {
    const { here, there, sent, ends, reads } = openPair({ strategy: 'database' })
    const browser = await signIn(here)
    const { claims } = await follow(there, browser)
    await browser.post('/auth/session', { org: 'old' })
    await browser.post('/auth/session', { org: 'new' })
    const [old = ''] = sent
    const before = reads()
    for (let time = 0; time < 5; time++) {
      ends[1].deliver(old)
      await settle()
    }
    expect(claims).toEqual([{ org: 'new' }])
    expect(reads() - before).toBe(5)
    // No stream follows a session here: nothing is read.
    const quiet = reads()
    ends[0].deliver(old)
    await settle()
    expect(reads()).toBe(quiet)
  })
})

test('a row that was being read when a change was told is read again', async () => {
  const { here, sent, adapter, open, openEnd } = openPair({ strategy: 'database' })
  const gate = openGate()
  const getSessionAndUser = async (token: string) => {
    const row = await adapter.getSessionAndUser(token)
    await gate.pass()
    return row
  }
  const end = openEnd()
  const there = open(end, { adapter: { ...adapter, getSessionAndUser } })
  const browser = await signIn(here)
  const { claims } = await follow(there, browser)
  await browser.post('/auth/session', { org: 'old' })
  const { isReached, release } = gate.holdNext()
  end.deliver(sent[0])
  await isReached
  await browser.post('/auth/session', { org: 'new' })
  end.deliver(sent[1])
  release()
  await settle()
  expect(claims.at(-1)).toEqual({ org: 'new' })
})

test.each(['jwt', 'database'] as const)('its own message that comes back is nothing new (%s)', async (strategy) => {
  const { here, flush, reads, lines } = openPair({ strategy })
  const browser = await signIn(here)
  const { claims } = await follow(here, browser)
  await browser.post('/auth/session', { org: 'acme' })
  const before = reads()
  flush()
  await settle()
  expect(claims).toEqual([{ org: 'acme' }])
  expect([reads(), lines]).toEqual([before, []])
})

test.each([
  {
    bus: 'throws',
    subscribe: () => {
      throw new Error('not connected')
    },
    logged: 1,
  },
  { bus: 'rejects', subscribe: () => Promise.reject(new Error('not connected')), logged: 1 },
  { bus: 'hangs', subscribe: () => new Promise<() => void>(() => {}), logged: 0 },
])('C13 a subscribe that $bus fails nothing', async ({ subscribe, logged }) => {
  const { logger, lines } = openLog()
  const auth = makeAuth({ adapter: memoryAdapter(), bus: { publish: () => {}, subscribe }, logger })
  const browser = await signIn(auth)
  expect((await browser.signOut()).status).toBe(200)
  expect(lines.map(({ message }) => message)).toEqual(Array(logged).fill('the session bus could not be subscribed to'))
})

describe('auth.close', () => {
  /** A bus that writes down what is asked of it. */
  function openBus(close: () => unknown = () => {}) {
    const calls: string[] = []
    const listeners: ((message: string) => void)[] = []
    const bus: SessionBus = {
      publish: () => void calls.push('publish'),
      subscribe: async (listener) => {
        listeners.push(listener)
        return async () => void calls.push('unsubscribe')
      },
      close: () => {
        calls.push('close')
        return close()
      },
    }
    return { bus, calls }
  }

  test('stops to listen, closes the bus, and publishes nothing any more', async () => {
    const { bus, calls } = openBus()
    const auth = makeAuth({ bus })
    const browser = await signIn(auth)
    await Promise.all([auth.close(), auth.close()])
    await auth.close()
    expect(calls).toEqual(['unsubscribe', 'close'])
    expect((await browser.signOut()).status).toBe(200)
    expect(calls).toEqual(['unsubscribe', 'close'])
  })

  test('ends streams without a sign-out, and leaves no timer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const auth = makeAuth({ adapter: memoryAdapter() })
      const browser = await signIn(auth)
      const { over } = await follow(auth, browser)
      expect(vi.getTimerCount()).toBe(1)
      await auth.close()
      expect(await over).toBe('AdapterError')
      expect(vi.getTimerCount()).toBe(0)
      expect((await browser.session())?.user.id).toBe('ann')
    } finally {
      vi.useRealTimers()
    }
  })

  test.each([
    { bus: 'throws', close: () => Promise.reject(new Error('gone')) },
    { bus: 'hangs', close: () => new Promise(() => {}) },
  ])('of a bus whose close $bus is logged, and ends within two seconds', async ({ close }) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { logger, lines } = openLog()
      const closing = makeAuth({ bus: openBus(close).bus, logger }).close()
      await vi.advanceTimersByTimeAsync(2_000)
      await closing
      expect(lines.map(({ message }) => message)).toEqual(['the session bus could not be closed'])
    } finally {
      vi.useRealTimers()
    }
  })
})
