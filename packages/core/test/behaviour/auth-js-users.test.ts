import { describe, expect, test } from 'vitest'
import type { AnyOptions } from '../../src/config/options.ts'
import { makeAuth, openClock, openLog } from '../support/auth.ts'
import { authJsAdapter } from '../support/base-adapter.ts'
import { createBrowser, readJson } from '../support/browser.ts'

/** Signs in somebody who is in the adapter's table ("ann"), or not ("eve"). */
function open(options: Partial<AnyOptions>) {
  const store = authJsAdapter()
  const log = openLog()
  const auth = makeAuth({ adapter: store.adapter, logger: log.logger, ...options })
  return { ...store, ...log, browser: createBrowser(auth) }
}

const DATABASE = { session: { strategy: 'database' } } as const
const TOKENS = { tokens: { enabled: true } } as const

describe('M34 a credentials user whom an Auth.js adapter does not know', () => {
  test.each([
    { what: 'database', options: DATABASE },
    { what: 'jwt', options: {} },
    { what: 'jwt with tokens', options: TOKENS },
  ])('first, one whom it knows signs in: $what', async ({ options }) => {
    const { browser, users } = open(options)
    expect((await browser.signIn('ann@example.com')).status).toBe(200)
    expect((await browser.session())?.user.id).toBe('ann')
    expect([...users.keys()]).toEqual(['ann', 'bob'])
  })

  test.each([
    { what: 'database', options: DATABASE },
    { what: 'jwt with tokens', options: TOKENS },
  ])('is refused before anything is written, and may be made and sign in then: $what', async ({ options }) => {
    const { browser, users, sessions, lines } = open(options)
    const refused = await browser.signIn('eve@example.com')
    expect([refused.status, (await readJson<{ error: { kind: string } }>(refused)).error.kind]).toEqual([
      500,
      'Configuration',
    ])
    expect([...users.keys()]).toEqual(['ann', 'bob'])
    expect(sessions.size).toBe(0)
    expect(lines.map(({ cause }) => String((cause as Error | undefined)?.message))).toContainEqual(
      expect.stringContaining('make the row in authorize()'),
    )
    users.set('eve', { id: 'eve', email: 'eve@example.com' })
    expect((await browser.signIn('eve@example.com')).status).toBe(200)
    expect((await browser.session())?.user.id).toBe('eve')
  })

  test('signs in under the jwt strategy, as with Auth.js: the cookie holds everything', async () => {
    const { browser, users } = open({})
    expect((await browser.signIn('eve@example.com')).status).toBe(200)
    expect((await browser.session())?.user.id).toBe('eve')
    expect([...users.keys()]).toEqual(['ann', 'bob'])
  })
})

test('M34 R9 the log says at construction that an adapter without sessions by id can’t enforce rotation', () => {
  const { lines } = open(TOKENS)
  expect(lines.map(({ message }) => message)).toEqual([expect.stringContaining('tokens.enabled: this adapter')])
  expect(open({}).lines).toEqual([])
})

test('M31 H10 a jwt session whose user was deleted goes on, unless the jwt callback refuses who is no longer stored', async () => {
  const refuseDeleted: AnyOptions['callbacks'] = { jwt: ({ token, user, stored }) => ((user ?? stored) ? token : null) }
  for (const { callbacks, later } of [
    { callbacks: {}, later: 'ann' },
    { callbacks: refuseDeleted, later: undefined },
  ]) {
    const clock = openClock()
    const { adapter, users } = authJsAdapter()
    const deleteUser = async (id: string) => void users.delete(id)
    const auth = makeAuth({ adapter: { ...adapter, deleteUser }, clock: clock.read, callbacks })
    const browser = createBrowser(auth)
    await browser.signIn('ann@example.com')
    clock.turn(301)
    expect((await browser.session())?.user.id).toBe('ann')
    await auth.deleteUser('ann')
    clock.turn(301)
    expect((await browser.session())?.user.id).toBe(later)
  }
})
