import { afterEach, describe, expect, test, vi } from 'vitest'
import { type AttemptCounter, memoryAdapter, tableCounter } from '../../src/index.ts'
import { createMemoryCounter } from '../../src/sign-in/memory-counter.ts'
import { describeAttemptCounter } from '../attempt-counter-contract.ts'
import { makeAuth, openLog, PASSWORD, passwordProvider } from '../support/auth.ts'
import { createBrowser, readKind } from '../support/browser.ts'

const close = async () => {}

describeAttemptCounter('memory', async () => ({ counter: createMemoryCounter(), close }))
describeAttemptCounter('a table in memory', async () => ({ counter: tableCounter(memoryAdapter()), close }))
describeAttemptCounter('a memory behind a wire', async () => ({ counter: behindWire(createMemoryCounter()), close }))

/** A counter whose every call takes a while to arrive, and its answer a while to come back. */
function behindWire({ consume }: AttemptCounter): AttemptCounter {
  const wire = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
  return {
    consume: async (key, rule, now) => {
      await wire()
      const attempt = await consume(key, rule, now)
      await wire()
      if (!attempt.allowed) return attempt
      const { undo, clear } = attempt
      return { allowed: true, undo: () => wire().then(undo), clear: () => wire().then(clear) }
    },
  }
}

const ANN = 'ann@example.com'
const wrong = (times: number) => Array<string>(times).fill('CredentialsSignin')
const limited = (times: number) => Array<string>(times).fill('RateLimited')

/** An app whose attempts are counted by this counter. */
function openApp(counter: AttemptCounter, authorize?: Parameters<typeof passwordProvider>[0]) {
  const { logger, lines } = openLog()
  const auth = makeAuth({ limits: { counter }, logger, providers: [passwordProvider(authorize)] })
  const attempt = async (password: string, email = ANN) => {
    const response = await createBrowser(auth, { address: '203.0.113.7' }).signIn(email, password)
    return response.status === 200 ? 'signed in' : readKind(response)
  }
  const guess = async (times: number) => {
    const kinds: (string | undefined)[] = []
    for (let time = 0; time < times; time++) kinds.push(await attempt('wrong'))
    return kinds
  }
  return { attempt, guess, messages: () => lines.map(({ message }) => message) }
}

describe('C9 a counter that instances share', () => {
  test('ten guesses at one name in all of them, however many are made at once', async () => {
    const counter = behindWire(createMemoryCounter())
    const apps = [openApp(counter), openApp(counter)]
    const guesses = Array.from({ length: 50 }, (_, index) => apps[index % 2]!.attempt('wrong'))
    const kinds = await Promise.all(guesses)
    expect(kinds.filter((kind) => kind === 'CredentialsSignin')).toHaveLength(10)
    expect(kinds.filter((kind) => kind === 'RateLimited')).toHaveLength(40)
  })

  test('a success in one clears the name for the other', async () => {
    const counter = behindWire(createMemoryCounter())
    const [here, there] = [openApp(counter), openApp(counter)]
    expect(await here.guess(9)).toEqual(wrong(9))
    expect(await there.attempt(PASSWORD)).toBe('signed in')
    expect(await here.guess(11)).toEqual([...wrong(10), ...limited(1)])
  })

  test("a failure of the server's own is taken back", async () => {
    let broken = true
    const { guess } = openApp(behindWire(createMemoryCounter()), () => {
      if (broken) throw new Error('the database is down')
      return null
    })
    expect(await guess(20)).toEqual(Array(20).fill('CallbackRouteError'))
    broken = false
    expect(await guess(11)).toEqual([...wrong(10), ...limited(1)])
  })

  test('it sees digests of names and addresses only', async () => {
    const keys: string[] = []
    const memory = createMemoryCounter()
    const counter: AttemptCounter = {
      consume: (key, rule, now) => {
        keys.push(key)
        return memory.consume(key, rule, now)
      },
    }
    await openApp(counter).guess(2)
    expect(keys).toHaveLength(4)
    expect(new Set(keys).size).toBe(2)
    for (const key of keys) expect(key).toMatch(/^[\w-]{43}$/)
  })
})

/** Whatever may be wrong with a counter when it is asked. */
const FAILURES: readonly { readonly counter: string; readonly consume: () => unknown }[] = [
  {
    counter: 'throws',
    consume: () => {
      throw new Error('not connected')
    },
  },
  { counter: 'rejects', consume: () => Promise.reject(new Error('not connected')) },
  { counter: 'hangs', consume: () => new Promise(() => {}) },
  { counter: 'returns nothing', consume: () => undefined },
  { counter: 'returns what is no attempt', consume: () => ({ allowed: true }) },
  { counter: 'refuses without a time', consume: () => ({ allowed: false }) },
]

describe('X02 a counter that fails', () => {
  afterEach(() => void vi.useRealTimers())

  test.each(FAILURES)(
    'one that $counter limits as before, in this process, and is logged once',
    async ({ consume }) => {
      const { attempt, guess, messages } = openApp({ consume: consume as AttemptCounter['consume'] }) // from JavaScript
      expect(await attempt(PASSWORD)).toBe('signed in')
      expect(await guess(12)).toEqual([...wrong(10), ...limited(2)])
      expect(messages()).toEqual(['limits.counter failed: attempts are counted in this process until it works'])
    },
  )

  test('it is asked once a second, and counts again when it works', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const memory = createMemoryCounter()
    let isBroken = true
    let asked = 0
    const { guess, messages } = openApp({
      consume: (key, rule, now) => {
        asked++
        if (isBroken) throw new Error('not connected')
        return memory.consume(key, rule, now)
      },
    })
    expect(await guess(9)).toEqual(wrong(9))
    expect(asked).toBe(1)
    vi.advanceTimersByTime(1_000)
    await guess(1)
    expect(asked).toBe(2)
    isBroken = false
    expect(await guess(1)).toEqual(limited(1))
    vi.advanceTimersByTime(1_000)
    expect(await guess(11)).toEqual([...wrong(10), ...limited(1)])
    expect(messages()).toEqual([expect.stringMatching(/failed/), 'limits.counter works again'])
  })

  test('of an answer that comes too late, a success is cleared there all the same', async () => {
    const memory = createMemoryCounter()
    const answers: (() => void)[] = []
    const { attempt } = openApp({
      consume: async (key, rule, now) => {
        await new Promise<void>((resolve) => answers.push(resolve))
        return memory.consume(key, rule, now)
      },
    })
    expect(await attempt(PASSWORD)).toBe('signed in')
    const keys: string[] = []
    const { consume } = memory
    Object.assign(memory, { consume: (...args: Parameters<typeof consume>) => (keys.push(args[0]), consume(...args)) })
    for (const answer of answers) answer()
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(keys).toHaveLength(1)
    const rule = { limit: 1, window: 900_000 }
    expect(memory.consume(keys[0] ?? '', rule, new Date()).allowed).toBe(true)
  })

  test.each([
    { step: 'throws', fail: () => Promise.reject(new Error('not connected')) },
    { step: 'hangs', fail: () => new Promise<void>(() => {}) },
  ])('one that $step when it is to forget fails no sign-in', async ({ fail }) => {
    const { attempt, messages } = openApp({ consume: () => ({ allowed: true, undo: fail, clear: fail }) })
    expect(await attempt(PASSWORD)).toBe('signed in')
    expect(messages()).toEqual(['limits.counter failed: attempts are counted in this process until it works'])
  })
})
