import { createHash } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import type { AuthError } from '../../src/index.ts'
import { openCounters } from '../../src/sign-in/counters.ts'
import { createMemoryCounter, type MemoryCounter } from '../../src/sign-in/memory-counter.ts'
import { makeAuth, passwordProvider, SILENT } from '../support/auth.ts'

const WINDOW = 900_000

/** How many more times a key may be tried: its counter is used up by asking. */
function triesLeft(counter: Counter, key: string, now: number): number {
  for (let tries = 0; ; tries++) if (!counter.begin(key, now).allowed) return tries
}

type Counter = ReturnType<typeof createCounter>

/** A counter of one rule, with plain numbers for its time. */
function createCounter(rule: { readonly limit: number; readonly window: number }, maxKeys?: number) {
  const counter: MemoryCounter = createMemoryCounter(maxKeys)
  return { begin: (key: string, now: number) => counter.consume(key, rule, new Date(now)) }
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  return process.memoryUsage().heapUsed
}

test('P09 a million names take less than 64 MB', () => {
  const before = heapUsed()
  const counter = createCounter({ limit: 10, window: WINDOW })
  for (let name = 0; name < 1_000_000; name++) counter.begin(`credentials:user${name}@example.com`, name)
  expect(heapUsed() - before).toBeLessThan(64 * 1_024 * 1_024)
  // It remembers as many as it says, and no more.
  expect(triesLeft(counter, 'credentials:user999999@example.com', 1_000_000)).toBe(9)
  expect(triesLeft(counter, 'credentials:user0@example.com', 899_999)).toBe(10)
})

test('P09 a flood of new names frees none that was guessed at', () => {
  const counter = createCounter({ limit: 10, window: WINDOW }, 1_000)
  const victims = Array.from({ length: 20 }, (_, index) => `victim ${index}`)
  for (const victim of victims) for (let guess = 0; guess < 10; guess++) counter.begin(victim, 0)
  for (let name = 0; name < 100_000; name++) counter.begin(`flood ${name}`, 1)
  expect(victims.map((victim) => triesLeft(counter, victim, 2))).toEqual(victims.map(() => 0))
})

test('P09 what has ended goes first', () => {
  const counter = createCounter({ limit: 10, window: WINDOW }, 100)
  for (let name = 0; name < 50; name++) counter.begin(`old ${name}`, 0)
  for (let name = 0; name < 50; name++) counter.begin(`young ${name}`, WINDOW - 1)
  for (let name = 0; name < 50; name++) counter.begin(`new ${name}`, WINDOW)
  const left = Array.from({ length: 50 }, (_, name) => triesLeft(counter, `young ${name}`, WINDOW))
  expect(left).toEqual(left.map(() => 9))
})

test('P09 one key alone is counted right, whatever the capacity', () => {
  for (const capacity of [1, 2, 64, 65]) {
    const counter = createCounter({ limit: 3, window: WINDOW }, capacity)
    expect(triesLeft(counter, 'ann', 0)).toBe(3)
    expect(triesLeft(counter, 'ann', 1)).toBe(0)
    expect(triesLeft(counter, 'ann', WINDOW)).toBe(3)
  }
})

test('C9 taking back leaves the others, and clearing leaves none', () => {
  const counter = createCounter({ limit: 3, window: WINDOW })
  const first = allowed(counter.begin('ann', 0))
  counter.begin('ann', 0)
  first.undo()
  expect(triesLeft(counter, 'ann', 0)).toBe(2)
  first.clear()
  first.undo()
  expect(triesLeft(counter, 'ann', 0)).toBe(3)
})

function allowed(attempt: ReturnType<Counter['begin']>) {
  if (!attempt.allowed) throw new Error('refused')
  return attempt
}

describe('M15 C12 what is kept of an attempt is a digest', () => {
  const MB = 1_024 * 1_024

  /** Fails to sign in, each time with another name and another address; returns the kinds of refusal and the growth of the heap in bytes. */
  async function attack(times: number, email: (index: number) => string, forwardedFor: (index: number) => string) {
    const auth = makeAuth({ trustedProxies: 1, providers: [passwordProvider(() => null)] })
    const response = { writability: () => 'writable' as const, setCookie: () => {}, noStore: () => {} }
    const attempt = async (index: number) => {
      const header = (name: string) => (name === 'x-forwarded-for' ? forwardedFor(index) : null)
      const source = { method: undefined, header, response }
      const input = JSON.parse(JSON.stringify({ provider: 'credentials', email: email(index), password: 'wrong' }))
      return auth
        .createContext(source)
        .signIn(input)
        .then(
          () => 'signed in',
          ({ kind }: AuthError) => kind,
        )
    }
    const kinds = new Set([await attempt(times)])
    const before = heapUsed()
    for (let index = 0; index < times; index++) kinds.add(await attempt(index))
    const growth = heapUsed() - before
    // The engine is still in use: what it holds has not been collected.
    expect(await attempt(times)).toBeDefined()
    return { kinds: [...kinds], growth }
  }

  test('a counter that is full of digests takes less than 20 MB', () => {
    const before = heapUsed()
    const counter = createCounter({ limit: 10, window: WINDOW })
    for (let name = 0; name < 200_000; name++) {
      counter.begin(createHash('sha256').update(`user${name}`.padEnd(300, 'x')).digest('base64url'), 0)
    }
    expect(heapUsed() - before).toBeLessThan(20 * MB)
    expect(triesLeft(counter, 'another', 0)).toBe(10)
  })

  const long = (index: number, length: number) => `${index}@`.padEnd(length, 'x')

  test('16,000 attempts with names of 31 kB are refused, and leave nothing behind', async () => {
    const { kinds, growth } = await attack(16_000, (index) => long(index, 31_000), String)
    expect(growth).toBeLessThan(8 * MB)
    expect(kinds).toEqual(['InvalidInput'])
  })

  test('16,000 attempts with names of 1,000 letters take no more than short ones', async () => {
    const { kinds, growth } = await attack(16_000, (index) => long(index, 1_000), String)
    expect(growth).toBeLessThan(8 * MB)
    expect(kinds).toEqual(['CredentialsSignin'])
  })

  test('16,000 forwarded addresses of 7 kB take no more than real ones', async () => {
    const { kinds, growth } = await attack(
      16_000,
      (index) => `${index}@example.com`,
      (index) => `203.0.113.7, ${index}`.padEnd(7_000, 'x'),
    )
    expect(growth).toBeLessThan(8 * MB)
    expect(kinds).toEqual(['CredentialsSignin'])
  })
})

test('P09 a million keys of all kinds take less than 64 MB', () => {
  const before = heapUsed()
  const counters = Object.values(openCounters({ signIn: null, counter: null }, SILENT))
  expect(counters).toHaveLength(5)
  for (let index = 0; index < 200_000; index++)
    for (const [kind, counter] of counters.entries()) {
      const key = createHash('sha256').update(`${kind} ${index}`).digest('base64url')
      void counter.consume(key, { limit: 10, window: WINDOW }, new Date(0))
    }
  expect(heapUsed() - before).toBeLessThan(64 * 1_024 * 1_024)
  // They are still in use: what they hold has not been collected.
  expect(counters).toHaveLength(5)
}, 120_000)
