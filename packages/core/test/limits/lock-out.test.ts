import { describe, expect, test } from 'vitest'
import { memoryAdapter, tableCounter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { makeAuth, openClock, PASSWORD, passwordProvider } from '../support/auth.ts'
import { type Browser, createBrowser, readKind } from '../support/browser.ts'

const ANN = 'ann@example.com'
const STRANGERS = Array.from({ length: 100 }, (_, index) => `198.51.100.${index}`)
const HOME = '203.0.113.7'

/** An app with a clock to turn, that counts how often a password was checked. */
function openApp(options: Partial<AnyOptions> = {}, start?: Date) {
  const clock = openClock(start)
  let checked = 0
  const provider = passwordProvider(({ email, password }) => {
    checked++
    return password === PASSWORD ? { id: email, email } : null
  })
  const auth = makeAuth({ providers: [provider], clock: clock.read, ...options })
  const open = (address?: string) => createBrowser(auth, address === undefined ? {} : { address })
  const guess = async (address?: string, name = ANN) => readKind(await open(address).signIn(name, 'wrong'))
  return { auth, clock, open, guess, checked: () => checked }
}

type App = ReturnType<typeof openApp>

/** Every stranger guesses once. */
const guessAll = ({ guess }: App, strangers = STRANGERS) => Promise.all(strangers.map((address) => guess(address)))

/** Signs in as a person does, who waits as long as they are told to, while the strangers go on. Returns the seconds that it took. */
async function signInAmong(app: App, browser: Browser, strangers = STRANGERS): Promise<number> {
  for (let waited = 0; waited <= 900;) {
    const response = await browser.signIn(ANN, PASSWORD)
    if (response.status === 200) return waited
    const wait = Number(response.headers.get('retry-after'))
    for (let second = 1; second <= wait; second++) {
      app.clock.turn(1)
      if (second % 5 === 0) await guessAll(app, strangers)
    }
    waited += wait
  }
  throw new Error('locked out')
}

describe('P05 strangers guess at one account from a hundred addresses', () => {
  test('ten guesses are checked at once, and the rest is throttled', async () => {
    const app = openApp()
    const kinds = await guessAll(app)
    expect(kinds.filter((kind) => kind === 'CredentialsSignin')).toHaveLength(10)
    expect(kinds.filter((kind) => kind === 'RateLimited')).toHaveLength(90)
    expect(await app.guess('198.51.100.100')).toBe('RateLimited')
    expect(app.checked()).toBe(10)
  })

  test('the owner is in at once on a device that signed in before, from any address', async () => {
    const app = openApp()
    const browser = app.open(HOME)
    await browser.signIn(ANN)
    await browser.signOut()
    await guessAll(app)
    expect(await signInAmong(app, browser)).toBe(0)
    const elsewhere = app.open('192.0.2.1')
    for (const [name, value] of browser.device) elsewhere.device.set(name, value)
    expect(await signInAmong(app, elsewhere)).toBe(0)
  })

  test('and on an unknown device within a minute, while they go on', async () => {
    const app = openApp()
    await guessAll(app)
    expect(await signInAmong(app, app.open(HOME))).toBeLessThanOrEqual(25)
  })

  test('whenever the owner comes: with any counter, all around the seam of two windows', async () => {
    for (const isTable of [false, true]) {
      for (let before = -60; before <= 5; before += 5) {
        const start = new Date(Date.parse('2026-01-01T12:15:00Z') + before * 1_000)
        const counter = isTable ? { counter: tableCounter(memoryAdapter()) } : {}
        const app = openApp({ limits: counter }, start)
        const few = STRANGERS.slice(0, 5)
        for (let round = 0; round < 5; round++) await guessAll(app, few)
        expect(await signInAmong(app, app.open(`203.0.113.${before + 100}`), few)).toBeLessThanOrEqual(50)
      }
    }
  })

  test('a stranger who comes at the same moments as the owner makes nothing longer', async () => {
    const app = openApp()
    await guessAll(app)
    const [owner, stranger] = [app.open(HOME), app.open('192.0.2.1')]
    const first = await owner.signIn(ANN)
    await stranger.signIn(ANN, 'wrong')
    app.clock.turn(Number(first.headers.get('retry-after')))
    expect(await readKind(await stranger.signIn(ANN, 'wrong'))).toBe('CredentialsSignin')
    expect((await owner.signIn(ANN)).status).toBe(200)
  })

  test('the delay grows with those who ask: from 10 to 25 seconds', async () => {
    const app = openApp()
    await guessAll(app, STRANGERS.slice(0, 10))
    const wait = async (address: string) => (await app.open(address).signIn(ANN)).headers.get('retry-after')
    expect(await wait(HOME)).toBe('10')
    await guessAll(app)
    expect(await wait('192.0.2.1')).toBe('25')
  })

  test('one who asks too early waits no longer for it', async () => {
    const app = openApp()
    await guessAll(app)
    const browser = app.open(HOME)
    await browser.signIn(ANN)
    for (const left of ['24', '14', '4'] as const) {
      app.clock.turn(left === '24' ? 1 : 10)
      expect((await browser.signIn(ANN)).headers.get('retry-after')).toBe(left)
    }
    app.clock.turn(4)
    expect((await browser.signIn(ANN)).status).toBe(200)
  })

  test('after a success the client waits no more', async () => {
    const app = openApp()
    await guessAll(app)
    const browser = app.open(HOME)
    await signInAmong(app, browser)
    browser.device.clear()
    expect((await browser.signIn(ANN)).status).toBe(200)
  })

  test('each client has ten guesses in a window, one in each delay, however many it makes at once', async () => {
    const app = openApp()
    await guessAll(app)
    const before = app.checked()
    for (let second = 0; second < 890; second += 5) {
      await Promise.all([app.guess(HOME), app.guess(HOME)])
      app.clock.turn(5)
    }
    // The client's own limit, over all accounts, would come first.
    expect(app.checked() - before).toBeLessThanOrEqual(10)
    const patient = openApp()
    await guessAll(patient)
    const checked = patient.checked()
    for (let second = 0; second < 890; second += 25) {
      await patient.guess(HOME)
      patient.clock.turn(25)
    }
    expect(patient.checked() - checked).toBe(10)
  })

  test('a failure of the server uses nothing up', async () => {
    const app = openApp()
    await guessAll(app)
    let isBroken = true
    const provider = passwordProvider(({ email, password }) => {
      if (isBroken) throw new Error('the database is down')
      return password === PASSWORD ? { id: email, email } : null
    })
    const counter = tableCounter(memoryAdapter())
    const auth = makeAuth({ providers: [provider], clock: app.clock.read, limits: { counter } })
    const browser = createBrowser(auth, { address: HOME })
    for (let time = 0; time < 20; time++) expect(await readKind(await browser.signIn(ANN))).toBe('CallbackRouteError')
    isBroken = false
    expect((await browser.signIn(ANN)).status).toBe(200)
  })

  test('clients whose address is not known can not be told apart: then unknown devices wait for the window', async () => {
    const app = openApp()
    const known = app.open()
    await known.signIn(ANN)
    for (let time = 0; time < 10; time++) await app.guess()
    expect((await app.open().signIn(ANN)).headers.get('retry-after')).toBe('900')
    expect((await known.signIn(ANN)).status).toBe(200)
  })

  test('P08 the addresses of one network are one client', async () => {
    const app = openApp()
    await guessAll(app)
    await app.guess('2001:db8::1')
    app.clock.turn(25)
    expect(await app.guess('2001:DB8::ffff:2')).toBe('CredentialsSignin')
    expect(await app.guess('2001:db8:0:0::3')).toBe('RateLimited')
  })
})

test('P06 one password tried on a thousand accounts by one client: a hundred are checked', async () => {
  const app = openApp()
  for (let index = 0; index < 1_000; index++) await app.guess(HOME, `user${index}@example.com`)
  expect(app.checked()).toBe(100)
})

/** What docs/security.md says of N addresses: 10 guesses for all, and 10 for each address, in a window. */
test.each([1, 10, 100])(
  'P05 %i addresses have no more guesses in a window than docs/security.md says',
  async (count) => {
    const app = openApp()
    const strangers = STRANGERS.slice(0, count)
    for (let second = 0; second < 880; second += 20) {
      await guessAll(app, strangers)
      app.clock.turn(20)
    }
    expect(app.checked()).toBeLessThanOrEqual(10 + 10 * count)
  },
)
