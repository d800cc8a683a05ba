import { describe, expect, test } from 'vitest'
import { AuthError } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { makeAuth, openClock, PASSWORD, passwordProvider } from '../support/auth.ts'
import { createBrowser, readJson, readKind } from '../support/browser.ts'

type Check = (input: { readonly email: string; readonly password: string }) => unknown

const check: Check = ({ email, password }) => (password === PASSWORD ? { id: email, email } : null)

/** An app whose provider writes down every check, with a clock to turn. */
function openApp(options: Partial<AnyOptions> = {}, authorize: Check = check) {
  const clock = openClock()
  const checked: string[] = []
  const provider = passwordProvider((input) => {
    checked.push(input.email)
    return authorize(input)
  })
  const auth = makeAuth({ providers: [provider], clock: clock.read, ...options })
  const attempt = (email: string, password: string, address?: string) =>
    createBrowser(auth, address === undefined ? {} : { address }).signIn(email, password)
  const fail = async (times: number, email = 'ann@example.com', address?: string) => {
    const kinds: (string | undefined)[] = []
    for (let time = 0; time < times; time++) kinds.push(await readKind(await attempt(email, 'wrong', address)))
    return kinds
  }
  return { auth, clock, checked, attempt, fail }
}

const wrong = (times: number) => Array<string>(times).fill('CredentialsSignin')
const limited = (times: number) => Array<string>(times).fill('RateLimited')

describe('C9 per identifier', () => {
  test('ten wrong guesses in a quarter of an hour, then none is even checked, not the right one either', async () => {
    const { checked, attempt, fail } = openApp()
    expect(await fail(12)).toEqual([...wrong(10), ...limited(2)])
    expect(await readKind(await attempt('ann@example.com', PASSWORD))).toBe('RateLimited')
    expect(checked).toHaveLength(10)
    expect((await attempt('bob@example.com', PASSWORD)).status).toBe(200)
  })

  test('the answer says in how many seconds to come back, in the body and in Retry-After', async () => {
    const { clock, attempt, fail } = openApp()
    await fail(10)
    for (const [turned, left] of [
      [0, 900],
      [1, 899],
      [898, 1],
    ] as const) {
      clock.turn(turned)
      const response = await attempt('ann@example.com', PASSWORD)
      expect(response.status).toBe(429)
      expect(response.headers.get('retry-after')).toBe(String(left))
      expect(await readJson<object>(response)).toEqual({
        error: {
          kind: 'RateLimited',
          code: 'TOO_MANY_REQUESTS',
          message: 'RateLimited: Too many attempts. Wait and try again.',
          retryAfter: left,
        },
      })
    }
    clock.turn(1)
    expect((await attempt('ann@example.com', PASSWORD)).status).toBe(200)
  })

  test('the window is fixed: guessing on does not make it longer', async () => {
    const { clock, fail } = openApp()
    await fail(10)
    clock.turn(600)
    expect(await fail(5)).toEqual(limited(5))
    clock.turn(300)
    expect(await fail(11)).toEqual([...wrong(10), ...limited(1)])
  })

  test('a success clears', async () => {
    const { attempt, fail } = openApp()
    for (let round = 0; round < 3; round++) {
      expect(await fail(9)).toEqual(wrong(9))
      expect((await attempt('ann@example.com', PASSWORD)).status).toBe(200)
    }
    expect(await fail(11)).toEqual([...wrong(10), ...limited(1)])
  })

  test("somebody else's success clears nothing", async () => {
    const { attempt, fail } = openApp()
    await fail(10)
    await attempt('bob@example.com', PASSWORD)
    expect(await fail(1)).toEqual(limited(1))
  })

  test('M15 spellings of one name are one name', async () => {
    const { fail } = openApp({ limits: { signIn: { perIdentifier: 3 } } })
    expect(await fail(3, 'ann@example.com')).toEqual(wrong(3))
    const spellings = [
      'ANN@EXAMPLE.COM',
      ' ann@example.com',
      'ann@example.com\t',
      'Ann@Example.Com ',
      '\uff21nn@example.com',
      'ann\uff20example.com',
      'ann@example\u2024com',
      // What is not seen, and what the collations of databases take for the same.
      'a\u200bnn@example.com',
      '\ufeffann@example.com',
      'ann\u00ad@example.com',
      'ann@example.com\u200d ',
      'ann\u{e0041}@example.com',
      '\u00e1nn@example.com',
      'a\u0301nn@example.com',
    ]
    for (const spelling of spellings)
      expect({ spelling, kinds: await fail(1, spelling) }).toEqual({ spelling, kinds: limited(1) })
    expect(await fail(1, 'anna@example.com')).toEqual(wrong(1))
  })

  test('an empty one is one as well, and one of 1,024 letters counts to its last', async () => {
    const { fail } = openApp({ limits: { signIn: { perIdentifier: 1 } } })
    expect(await fail(2, '')).toEqual([...wrong(1), ...limited(1)])
    const long = 'x'.repeat(1_023)
    expect(await fail(2, `${long}y`)).toEqual([...wrong(1), ...limited(1)])
    expect(await fail(2, `${long}z`)).toEqual([...wrong(1), ...limited(1)])
  })

  test('M15 a longer one is no name: it is neither checked nor counted', async () => {
    const { checked, fail } = openApp({ limits: { signIn: { perIdentifier: 1 } } })
    expect(await fail(2, 'x'.repeat(1_025))).toEqual(['InvalidInput', 'InvalidInput'])
    expect(checked).toEqual([])
  })

  test('P05 from a hundred addresses it is still one name', async () => {
    const { fail } = openApp()
    const kinds: (string | undefined)[] = []
    for (let client = 0; client < 100; client++)
      kinds.push(...(await fail(1, 'ann@example.com', `203.0.113.${client}`)))
    expect(kinds).toEqual([...wrong(10), ...limited(90)])
  })

  test('providers are counted apart', async () => {
    const other = { ...passwordProvider(check), id: 'other' }
    const auth = makeAuth({ providers: [passwordProvider(check), other], limits: { signIn: { perIdentifier: 1 } } })
    const guess = async (path: string) =>
      readKind(await createBrowser(auth).post(`/auth/signin/${path}`, { email: 'ann@example.com', password: 'wrong' }))
    expect(await guess('credentials')).toBe('CredentialsSignin')
    expect(await guess('credentials')).toBe('RateLimited')
    expect(await guess('other')).toBe('CredentialsSignin')
    expect(await guess('other')).toBe('RateLimited')
  })

  test('without `identify` only the client is counted', async () => {
    const provider = { ...passwordProvider(check), identify: null }
    const { fail } = openApp({ providers: [provider], limits: { signIn: { perIdentifier: 1, perClient: 3 } } })
    expect(await fail(4, 'ann@example.com', '203.0.113.7')).toEqual([...wrong(3), ...limited(1)])
    expect(await fail(4, 'ann@example.com')).toEqual(wrong(4))
  })
})

describe('C9 T04 at the same time', () => {
  test('a hundred guesses at once are a hundred: ten are checked', async () => {
    const { checked, attempt } = openApp({}, async () => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      return null
    })
    const responses = await Promise.all(Array.from({ length: 100 }, () => attempt('ann@example.com', 'wrong')))
    const kinds = await Promise.all(responses.map(readKind))
    expect(kinds.filter((kind) => kind === 'CredentialsSignin')).toHaveLength(10)
    expect(kinds.filter((kind) => kind === 'RateLimited')).toHaveLength(90)
    expect(checked).toHaveLength(10)
  })

  test('attempts in flight count until they end', async () => {
    let finish = () => {}
    const gate = new Promise<void>((resolve) => (finish = resolve))
    const { attempt } = openApp({ limits: { signIn: { perIdentifier: 2 } } }, async (input) => {
      await gate
      return check(input)
    })
    const flying = [attempt('ann@example.com', PASSWORD), attempt('ann@example.com', PASSWORD)]
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(await readKind(await attempt('ann@example.com', PASSWORD))).toBe('RateLimited')
    finish()
    expect((await Promise.all(flying)).map(({ status }) => status)).toEqual([200, 200])
    expect((await attempt('ann@example.com', PASSWORD)).status).toBe(200)
  })

  test('one that ends in the next window takes nothing back from it', async () => {
    const pending: (() => void)[] = []
    const { clock, attempt, fail } = openApp({ limits: { signIn: { perClient: 2 } } }, async (input) => {
      if (input.password === PASSWORD) await new Promise<void>((resolve) => pending.push(resolve))
      return check(input)
    })
    const address = '203.0.113.7'
    const flying = ['a', 'b'].map((name) => attempt(`${name}@example.com`, PASSWORD, address))
    await new Promise((resolve) => setTimeout(resolve, 10))
    clock.turn(901)
    expect(await fail(1, 'c@example.com', address)).toEqual(wrong(1))
    for (const finish of pending) finish()
    await Promise.all(flying)
    expect(await fail(2, 'd@example.com', address)).toEqual([...wrong(1), ...limited(1)])
  })
})

describe('C9 what counts', () => {
  test("a failure of the server's own is nobody's guess", async () => {
    let broken = true
    const { fail } = openApp({ limits: { signIn: { perIdentifier: 2, perClient: 2 } } }, (input) => {
      if (broken) throw new Error('the database is down')
      return check(input)
    })
    const address = '203.0.113.7'
    expect(await fail(5, 'ann@example.com', address)).toEqual(Array(5).fill('CallbackRouteError'))
    broken = false
    expect(await fail(3, 'ann@example.com', address)).toEqual([...wrong(2), ...limited(1)])
  })

  test('a refusal that authorize throws is a guess like any other', async () => {
    const { fail } = openApp({ limits: { signIn: { perIdentifier: 2 } } }, () => {
      throw new AuthError('AccessDenied')
    })
    expect(await fail(3)).toEqual(['AccessDenied', 'AccessDenied', 'RateLimited'])
  })

  test.each([undefined, false, 0, ''])('%j from authorize is a wrong guess', async (answer) => {
    const { fail } = openApp({ limits: { signIn: { perIdentifier: 1 } } }, () => answer)
    expect(await fail(2)).toEqual([...wrong(1), ...limited(1)])
  })

  test('what the schema refuses reaches neither the provider nor the counters', async () => {
    const { auth, checked, fail } = openApp({ limits: { signIn: { perIdentifier: 1, perClient: 1 } } })
    const browser = createBrowser(auth, { address: '203.0.113.7' })
    for (const body of [{}, { email: 'ann@example.com' }, { email: 7, password: 'x' }]) {
      expect(await readKind(await browser.post('/auth/signin/credentials', body))).toBe('InvalidInput')
    }
    expect(checked).toEqual([])
    expect(await fail(1, 'ann@example.com', '203.0.113.7')).toEqual(wrong(1))
  })

  test('who may not in clears all the same: the password was right', async () => {
    const { attempt, fail } = openApp({ callbacks: { signIn: () => false }, limits: { signIn: { perIdentifier: 2 } } })
    await fail(1)
    expect(await readKind(await attempt('ann@example.com', PASSWORD))).toBe('AccessDenied')
    expect(await fail(3)).toEqual([...wrong(2), ...limited(1)])
  })
})

describe('C9 per client', () => {
  test('P06 one password tried on many names: a hundred by default', async () => {
    const { attempt, checked } = openApp()
    const kinds: (string | undefined)[] = []
    for (let name = 0; name < 103; name++) {
      kinds.push(await readKind(await attempt(`user${name}@example.com`, 'Summer2026!', '203.0.113.7')))
    }
    expect(kinds).toEqual([...wrong(100), ...limited(3)])
    expect(checked).toHaveLength(100)
  })

  test('successes are no attempts: an office behind one address signs in all day', async () => {
    const { attempt } = openApp({ limits: { signIn: { perClient: 3 } } })
    for (let name = 0; name < 20; name++) {
      expect((await attempt(`user${name}@example.com`, PASSWORD, '203.0.113.7')).status).toBe(200)
    }
  })

  test('a success does not clear it: an account of their own does not buy a guesser more guesses', async () => {
    const { attempt, fail } = openApp({ limits: { signIn: { perClient: 3 } } })
    const address = '203.0.113.7'
    expect(await fail(2, 'ann@example.com', address)).toEqual(wrong(2))
    expect((await attempt('mallory@example.com', PASSWORD, address)).status).toBe(200)
    expect(await fail(2, 'bob@example.com', address)).toEqual([...wrong(1), ...limited(1)])
  })

  test("a client that is held does not use up other people's guesses", async () => {
    const { fail } = openApp({ limits: { signIn: { perClient: 1, perIdentifier: 2 } } })
    await fail(1, 'bob@example.com', '203.0.113.7')
    expect(await fail(5, 'ann@example.com', '203.0.113.7')).toEqual(limited(5))
    expect(await fail(2, 'ann@example.com')).toEqual(wrong(2))
  })
})

describe('C9 configured', () => {
  test.each([
    { limits: { signIn: false as const }, times: 150, expected: wrong(150) },
    { limits: { signIn: { perIdentifier: 1 } }, times: 2, expected: [...wrong(1), ...limited(1)] },
    { limits: { signIn: { perClient: 1 } }, times: 2, expected: [...wrong(1), ...limited(1)] },
    { limits: {}, times: 11, expected: [...wrong(10), ...limited(1)] },
  ])('$limits', async ({ limits, times, expected }) => {
    expect(await openApp({ limits }).fail(times, 'ann@example.com', '203.0.113.7')).toEqual(expected)
  })

  test('the window', async () => {
    const { clock, fail } = openApp({ limits: { signIn: { perIdentifier: 1, window: '10s' } } })
    expect(await fail(2)).toEqual([...wrong(1), ...limited(1)])
    clock.turn(10)
    expect(await fail(2)).toEqual([...wrong(1), ...limited(1)])
  })
})
