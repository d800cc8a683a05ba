import { assert, describe, expect, test, vi } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { createBrowser, readKind } from '../support/browser.ts'
import { openHome } from '../support/strategies.ts'

/** Longer than a test needs to send its requests, so that none of them is late. */
const TIMEOUT = 0.5

/** A store whose calls hang while it is stopped, and go on when it runs again, as a database process does under SIGSTOP and SIGCONT. */
function openStore() {
  const store = memoryAdapter()
  const asked: string[] = []
  let hangs: (method: string) => boolean = () => false
  let waiting: (() => void)[] = []
  const adapter = new Proxy(store, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...args: unknown[]): Promise<unknown> => {
        asked.push(args[0] === '' ? 'a probe' : String(name))
        if (hangs(String(name))) await new Promise<void>((resolve) => waiting.push(resolve))
        return method.apply(target, args)
      }
    },
  })
  return {
    adapter,
    asked,
    stop: (which: (method: string) => boolean = () => true) => void (hangs = which),
    goOn: () => {
      hangs = () => false
      for (const resolve of waiting) resolve()
      waiting = []
    },
  }
}

async function openSignedIn() {
  const store = openStore()
  const home = openHome({ strategy: 'database', store: true }, { adapter: store.adapter, adapterTimeout: TIMEOUT })
  await home.browser.signIn()
  store.asked.length = 0
  const look = async (): Promise<string> => {
    const response = await home.browser.get('/auth/session')
    return response.ok ? 'signed in' : `${response.status} ${await readKind(response)}`
  }
  const lookAll = () => Promise.all(Array.from({ length: 20 }, look))
  return { ...home, ...store, look, lookAll }
}

const UNAVAILABLE = '503 AdapterError'

describe('M23 C14 a store that has fallen silent', () => {
  test('costs the first calls their time; the others fail at once, and one probe asks for all of them', async () => {
    const { asked, stop, look, lookAll } = await openSignedIn()
    expect(await look()).toBe('signed in')
    asked.length = 0
    stop()
    expect(await look()).toBe(UNAVAILABLE)
    expect(asked).toEqual(['getSessionAndUser'])
    expect(new Set(await lookAll())).toEqual(new Set([UNAVAILABLE]))
    expect(asked).toEqual(['getSessionAndUser', 'a probe'])
  })

  test('is asked by everyone as soon as it goes on, and nobody was signed out', async () => {
    const { asked, stop, goOn, look, lookAll, browser } = await openSignedIn()
    stop()
    expect(await look()).toBe(UNAVAILABLE)
    expect(await look()).toBe(UNAVAILABLE)
    goOn()
    // The calls that hung are answered first.
    await new Promise((resolve) => setTimeout(resolve))
    asked.length = 0
    expect(new Set(await lookAll())).toEqual(new Set(['signed in']))
    expect(asked).toEqual(Array.from({ length: 20 }, () => 'getSessionAndUser'))
    expect(browser.setCookies).toHaveLength(1)
  })

  test('is found again if what hung is never answered, as after a failover', async () => {
    const { stop, look } = await openSignedIn()
    stop()
    expect(await look()).toBe(UNAVAILABLE)
    expect(await look()).toBe(UNAVAILABLE)
    stop(() => false)
    await vi.waitFor(async () => expect(await look()).toBe('signed in'))
  })

  test('M31 is found again where a call ends with its request, as in a Worker, and each takes a while', async () => {
    const store = memoryAdapter()
    let request = { isOver: false }
    let hangs = false
    const adapter = new Proxy(store, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return async (...args: unknown[]): Promise<unknown> => {
          const own = request
          if (hangs) await new Promise(() => {})
          // More than a twentieth of the time limit, less than a quarter.
          await new Promise((resolve) => setTimeout(resolve, 100 * TIMEOUT))
          return own.isOver ? new Promise(() => {}) : method.apply(target, args)
        }
      },
    })
    const { browser } = openHome({ strategy: 'database', store: true }, { adapter, adapterTimeout: TIMEOUT })
    const look = async (): Promise<string> => {
      const own: { isOver: boolean } = { isOver: false }
      request = own
      const response = await browser.get('/auth/session')
      own.isOver = true
      return response.ok ? 'signed in' : `${response.status} ${await readKind(response)}`
    }
    expect((await browser.signIn()).status).toBe(200)
    expect(await look()).toBe('signed in')
    hangs = true
    expect(await look()).toBe(UNAVAILABLE)
    hangs = false
    await vi.waitFor(async () => expect(await look()).toBe('signed in'), { timeout: 10_000 })
  })

  test('is not waited for twice by one request', async () => {
    const { adapter, asked, stop } = openStore()
    const { auth, browser } = openHome({ strategy: 'database', store: true }, { adapter, adapterTimeout: TIMEOUT })
    expect((await createBrowser(auth).signIn('bob@example.com')).status).toBe(200)
    asked.length = 0
    // It hangs from the moment at which the user's row is to be written.
    stop(() => asked.includes('createUser'))
    const response = await browser.signIn('cy@example.com')
    expect([response.status, await readKind(response)]).toEqual([503, 'AdapterError'])
    expect(asked).toEqual(['getUser', 'createUser', 'a probe'])
  })
})

describe('M23 a call that hangs while the store answers others', () => {
  test('stops no other call', async () => {
    const { stop, browser, look, lookAll } = await openSignedIn()
    stop((method) => method === 'revokeSession')
    const signOut = browser.signOut()
    const answers = [...(await lookAll()), await look()]
    const response = await signOut
    expect([response.status, await readKind(response)]).toEqual([503, 'AdapterError'])
    expect(new Set([...answers, ...(await lookAll())])).toEqual(new Set(['signed in']))
  })

  test('stops no other call either if it was alone: a probe finds the store alive', async () => {
    const { asked, stop, browser, lookAll } = await openSignedIn()
    stop((method) => method === 'revokeSession')
    expect((await browser.signOut()).status).toBe(503)
    asked.length = 0
    expect(new Set(await lookAll())).toEqual(new Set(['signed in']))
    expect(asked.filter((method) => method === 'a probe')).toHaveLength(1)
  })
})

test('M23 C14 an error that comes late, a time limit of the driver, is no sign of life: the others fail at once', async () => {
  const { adapter, asked } = openStore()
  let isDown = false
  const late = (_: unknown, reject: (cause: Error) => void) =>
    void setTimeout(() => reject(new Error('timeout exceeded when trying to connect')), 0.9 * TIMEOUT * 1_000)
  const store = {
    ...adapter,
    getSessionAndUser: (token: string) => {
      asked.push(token === '' ? 'a probe' : 'getSessionAndUser')
      return isDown ? new Promise<never>(late) : adapter.getSessionAndUser(token)
    },
  }
  const { browser } = openHome({ strategy: 'database', store: true }, { adapter: store, adapterTimeout: TIMEOUT })
  await browser.signIn()
  expect((await browser.session())?.user.id).toBe('ann')
  isDown = true
  expect((await browser.get('/auth/session')).status).toBe(503)
  asked.length = 0
  const failed = await Promise.all(Array.from({ length: 20 }, () => browser.get('/auth/session')))
  expect(new Set(failed.map(({ status }) => status))).toEqual(new Set([503]))
  expect(asked).toEqual(['a probe'])
})

test('M23 a store that refuses at once is asked by every call: whoever comes first after its return is served', async () => {
  const { adapter, asked } = openStore()
  let isDown = false
  const store = new Proxy(adapter, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return (...args: unknown[]): unknown => {
        if (!isDown) return method.apply(target, args)
        asked.push(String(name))
        return Promise.reject(new Error('ECONNREFUSED'))
      }
    },
  })
  const { auth, browser } = openHome({ strategy: 'database', store: true }, { adapter: store, adapterTimeout: TIMEOUT })
  await browser.signIn()
  asked.length = 0
  isDown = true
  const failed = await Promise.all(Array.from({ length: 20 }, () => browser.get('/auth/session')))
  expect(new Set(failed.map(({ status }) => status))).toEqual(new Set([503]))
  expect(asked).toHaveLength(20)
  isDown = false
  expect((await browser.session())?.user.id).toBe('ann')
  expect((await createBrowser(auth).signIn('bob@example.com')).status).toBe(200)
})

test('M23 a query that throws when it is awaited fails at once, and leaves no time limit behind', async () => {
  const store = memoryAdapter()
  let isBroken = false
  // oxlint-disable-next-line unicorn/no-thenable -- as some query builders are
  const broken = { then: () => assert.fail('the query can not be built') }
  const getSessionAndUser: typeof store.getSessionAndUser = (token) =>
    isBroken ? (broken as unknown as Promise<never>) : store.getSessionAndUser(token) // awaited like one
  const options = { adapter: { ...store, getSessionAndUser }, adapterTimeout: 30 }
  const { browser } = openHome({ strategy: 'database', store: true }, options)
  await browser.signIn()
  isBroken = true
  const before = countTimers()
  const response = await browser.get('/auth/session')
  expect([response.status, await readKind(response)]).toEqual([503, 'AdapterError'])
  expect(countTimers()).toBe(before)
  isBroken = false
  expect((await browser.get('/auth/session')).status).toBe(200)
})

function countTimers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
}
