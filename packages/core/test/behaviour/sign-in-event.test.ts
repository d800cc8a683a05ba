import { describe, expect, test } from 'vitest'
import { memoryAdapter, type SessionAdapter } from '../../src/index.ts'
import { makeAuth, ORIGIN, PASSWORD } from '../support/auth.ts'
import { createBrowser, readKind } from '../support/browser.ts'

const fail = () => {
  throw new Error('the directory is down')
}

describe.each([
  { strategy: 'jwt', flow: 'cookie' },
  { strategy: 'database', flow: 'cookie' },
  { strategy: 'jwt', flow: 'token' },
  { strategy: 'database', flow: 'token' },
] as const)('events.signIn under the $strategy strategy in the $flow flow', ({ strategy, flow }) => {
  function open(what: { readonly session?: () => unknown; readonly store?: Partial<SessionAdapter> }) {
    const told: string[] = []
    const adapter = { ...memoryAdapter(), ...what.store }
    const auth = makeAuth({
      adapter,
      session: { strategy },
      tokens: { enabled: true },
      callbacks: { session: what.session ?? (({ session }) => session) },
      events: { signIn: () => void told.push('signIn'), session: () => void told.push('session') },
    })
    const sessions = () => adapter.listSessions({ userId: 'ann', now: new Date() })
    return { auth, told, sessions, browser: createBrowser(auth) }
  }

  test('M27 does not fire where the cookie cannot be set after all, and no session is left', async () => {
    const { auth, told, sessions } = open({})
    const context = auth.createContext({
      method: undefined,
      header: (name) => (name === 'origin' ? ORIGIN : null),
      response: { writability: () => 'writable', setCookie: fail, noStore: () => {} },
    })
    const input = { provider: 'credentials', email: 'ann@example.com', password: PASSWORD, flow, refresh: 'cookie' }
    await expect(context.signIn(input)).rejects.toMatchObject({ kind: 'ResponseCommitted' })
    expect(told).toEqual([])
    expect(await sessions()).toEqual([])
  })

  test('M27 fires once for a sign-in that is answered', async () => {
    const { browser, told, sessions } = open({})
    expect((await browser.signIn(undefined, undefined, { flow })).status).toBe(200)
    expect(told).toEqual(['signIn', 'session'])
    expect(await sessions()).toHaveLength(1)
  })

  test.each([
    { what: 'the session callback throws', session: fail, kind: 'CallbackRouteError' },
    { what: 'the session cannot be written as JSON', session: () => ({ balance: 1n }), kind: 'CallbackRouteError' },
    { what: 'the store fails', store: { createSession: fail }, kind: 'AdapterError' },
    {
      what: 'the session callback throws and the store fails then',
      session: fail,
      store: { revokeSession: fail },
      kind: 'CallbackRouteError',
      leaves: 1,
    },
  ])('M27 does not fire where $what, and no session is left', async ({ kind, leaves = 0, ...what }) => {
    const { browser, told, sessions } = open(what)
    const response = await browser.signIn(undefined, undefined, { flow })
    expect([response.ok, await readKind(response)]).toEqual([false, kind])
    expect(told).toEqual([])
    expect(browser.cookies.size).toBe(0)
    expect(await sessions()).toHaveLength(leaves)
  })

  test('M27 does not fire where the session that the browser had cannot be ended', async () => {
    let isDead = false
    const store = memoryAdapter()
    const revokeSession: SessionAdapter['revokeSession'] = async (params) =>
      isDead ? fail() : store.revokeSession(params)
    const { browser, told } = open({ store: { ...store, revokeSession } })
    await browser.signIn('bob@example.com')
    told.length = 0
    isDead = true
    const response = await browser.signIn(undefined, undefined, { flow })
    expect([response.ok, told]).toEqual(flow === 'cookie' ? [false, []] : [true, ['signIn', 'session']])
  })
})
