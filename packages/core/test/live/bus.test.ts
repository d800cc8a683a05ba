import { describe, expect, test } from 'vitest'
import { createSessionBus, memoryAdapter, type SessionBus } from '../../src/index.ts'
import { COOKIE, makeAuth, openLog } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'

/** Whatever a bus may do to a request that publishes, beginning with one that does its work. */
const BUSES: readonly { readonly bus: string; readonly publish: () => unknown; readonly logged: boolean }[] = [
  { bus: 'works', publish: () => {}, logged: false },
  {
    bus: 'throws',
    publish: () => {
      throw new Error('not connected')
    },
    logged: true,
  },
  { bus: 'rejects', publish: () => Promise.reject(new Error('not connected')), logged: true },
  { bus: 'hangs', publish: () => new Promise(() => {}), logged: false },
]

describe.each(['jwt', 'database'] as const)('under the %s strategy', (strategy) => {
  test.each(BUSES)('M19 C13 a publish that $bus fails nothing', async ({ publish, logged }) => {
    const { logger, lines } = openLog()
    const bus: SessionBus = { publish, subscribe: () => () => {} }
    const auth = makeAuth({ adapter: memoryAdapter(), session: { strategy }, bus, logger })
    const browser = createBrowser(auth)
    await browser.signIn()
    const cookie = browser.cookies.get(COOKIE) ?? ''
    const answer = await browser.signOut()
    expect([answer.status, await answer.json()]).toEqual([200, { signedOut: true }])
    expect(browser.cookies.has(COOKIE)).toBe(false)
    // This instance has heard all the same.
    browser.cookies.set(COOKIE, cookie)
    expect(await browser.session()).toBeNull()
    expect(lines.map(({ message }) => message)).toEqual(logged ? ['the session bus could not publish'] : [])
  })
})

test.each([
  { listener: 'listens', listen: () => {}, logged: 0 },
  {
    listener: 'throws',
    listen: () => {
      throw new Error('a listener of the app')
    },
    logged: 1,
  },
  { listener: 'rejects', listen: async () => Promise.reject(new Error('a listener of the app')), logged: 1 },
])('M19 C13 a listener that $listener keeps the event from no other', async ({ listen, logged }) => {
  const { logger, lines } = openLog()
  const bus = createSessionBus(logger)
  const heard: string[] = []
  const connection = { lost: () => {}, connected: () => {} }
  void bus.subscribe(listen, connection)
  const auth = makeAuth({ adapter: memoryAdapter(), bus, logger })
  const other = makeAuth({ adapter: memoryAdapter(), bus, logger })
  void bus.subscribe((message) => void heard.push(message), connection)
  const browser = createBrowser(auth)
  await browser.signIn()
  const cookie = browser.cookies.get(COOKIE) ?? ''
  expect((await browser.signOut()).status).toBe(200)
  const there = createBrowser(other)
  there.cookies.set(COOKIE, cookie)
  expect(await there.session()).toBeNull()
  expect(heard).toEqual([expect.stringMatching(/^1\.[\w-]+$/)])
  expect(lines).toHaveLength(logged)
})

test('C13 what a bus delivers that is no message is logged once, and fails nothing', async () => {
  const { logger, lines } = openLog()
  let deliver: (message: never) => void = () => {}
  const bus: SessionBus = {
    publish: () => {},
    subscribe: (listener) => {
      deliver = listener
      return () => {}
    },
  }
  makeAuth({ adapter: memoryAdapter(), bus, logger })
  for (const message of [{ type: 'revoked', sessionIds: ['s1'] }, null, 7, {}, '', 'revoked']) deliver(message as never) // what comes over a wire has no type
  expect(lines).toHaveLength(1)
})
