import { describe, expect, test } from 'vitest'
import { type AdapterUser, memoryAdapter } from '../../src/index.ts'
import { accountOf, openLab, readResult, succeeded } from './lab.ts'

const ANN = { name: 'Ann', email: 'ann@example.com' }

const open = (options: Parameters<typeof openLab>[1] = {}) => openLab({ adapter: memoryAdapter() }, options)

describe('what begin() may return', () => {
  test('C9 null is a wrong guess, counted for whom the attempt is', async () => {
    const lab = open({ begin: (_, { name }) => (name === 'right' ? { mirror: { id: 'ann' } } : null) })
    for (let guess = 0; guess < 10; guess++) expect(await lab.browser.result({ name: 'Ann' })).toBe('CredentialsSignin')
    expect(await lab.browser.result({ name: 'ann' })).toBe('RateLimited')
    expect(await lab.browser.result({ name: 'bob' })).toBe('CredentialsSignin')
    expect(succeeded(await lab.browser.result({ name: 'right' })).status).toBe('signedIn')
  })

  test.each([
    true,
    'ann',
    [],
    {},
    { id: 'ann' },
    { user: { id: 'ann' }, mirror: { id: 'ann' } },
    { redirect: 'https://github.com/', user: { id: 'ann' } },
  ])('what is no step, or two, signs nobody in: %j', async (step) => {
    const lab = open({ begin: () => step })
    expect(await lab.browser.result()).toBe('CallbackRouteError')
    expect([lab.trace, lab.browser.setCookies]).toEqual([[], []])
    expect(lab.lines.map(({ cause }) => String((cause as Error).cause)).join()).toContain(
      'begin() of "way" must return',
    )
  })

  test('a throw is a failure of the server, and an AuthError keeps its kind', async () => {
    const lab = open({
      begin: () => {
        throw new Error('LDAP is down')
      },
    })
    expect(await lab.browser.result()).toBe('CallbackRouteError')
  })
})

describe('{ redirect }', () => {
  const AWAY = 'https://github.com/login/oauth/authorize?client_id=1'

  test('is returned as it is, whatever origin it is on, and begins nothing', async () => {
    const lab = open({ begin: () => ({ redirect: AWAY }) })
    expect(await lab.browser.result()).toEqual({ status: 'redirect', url: AWAY })
    expect([lab.trace, lab.browser.setCookies]).toEqual([[], []])
  })

  test.each(['javascript:alert(1)', '/relative', 'data:text/html,x', '', 'myapp://callback', 17])(
    'must be an absolute http(s) URL: %j',
    async (redirect) => {
      const lab = open({ begin: () => ({ redirect }) })
      expect(await lab.browser.result()).toBe('CallbackRouteError')
    },
  )

  test('T5 is refused in the token flow', async () => {
    const lab = open({ begin: () => ({ redirect: AWAY }), tokens: { enabled: true } })
    const response = await lab.browser.way({ flow: 'token' })
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { kind: 'InvalidInput', fields: ['flow'] } },
    ])
  })
})

describe('{ answer }', () => {
  test('is returned as it is, and begins nothing', async () => {
    const lab = open({ begin: (_, { name }) => ({ answer: { status: 'sent', to: name, tries: [1, 2] } }) })
    expect(await lab.browser.result({ name: 'ann' })).toEqual({ status: 'sent', to: 'ann', tries: [1, 2] })
    expect([lab.trace, lab.browser.setCookies]).toEqual([[], []])
  })

  test.each([
    { status: 'signedIn', session: { user: { id: 'ann' } } },
    { status: 'tokens', accessToken: 'x' },
    { status: 'redirect', url: 'https://evil.test' },
    { status: 'challenge', challenge: 'x' },
    { status: 17 },
    {},
    null,
    'sent',
  ])('can’t be taken for the engine’s own: %j', async (answer) => {
    const lab = open({ begin: () => ({ answer }) })
    expect(await lab.browser.result()).toBe('CallbackRouteError')
  })
})

describe('what begin() sees of the request', () => {
  test('the input that the schema made, headers, the address, and cookies of its own', async () => {
    const seen: unknown[] = []
    const lab = open({
      begin: (call, input) => {
        seen.push([input, call.header('X-Device'), call.address, call.cookie('device')])
        call.setCookie('device', 'a b;ü', { maxAge: 60 })
        return null
      },
      tokens: { enabled: true },
    })
    const browser = lab.open('203.0.113.7')
    await browser.way({ name: 'ann', flow: 'cookie' }, { 'x-device': 'phone', cookie: 'latchkey.session=x; device=y' })
    await browser.way({ name: 'ann' })
    expect(seen).toEqual([
      [{ name: 'ann' }, 'phone', '203.0.113.7', null],
      [{ name: 'ann' }, null, '203.0.113.7', 'a b;ü'],
    ])
    expect(browser.setCookies[0]).toBe('latchkey.way.device=a%20b%3B%C3%BC; Max-Age=60; Path=/; HttpOnly; SameSite=Lax')
  })

  test('the session of the request', async () => {
    const seen: unknown[] = []
    const lab = open({
      begin: async (call) => {
        seen.push((await call.session())?.user.id ?? null)
        return { mirror: { id: 'ann' } }
      },
    })
    for (const _ of [1, 2]) await lab.browser.result()
    expect(seen).toEqual([null, 'ann'])
  })
})

describe('without a store', () => {
  test('an account is a user whose id names the service too', async () => {
    const lab = open({ begin: () => accountOf('17', { name: 'Ann' }), adapter: undefined })
    expect(succeeded(await lab.browser.result())).toMatchObject({ session: { user: { id: 'github:17', name: 'Ann' } } })
    expect(await lab.eventsOf('signIn')).toMatchObject([{ isNewUser: false }])
  })

  test('nobody can be created', async () => {
    const lab = open({ begin: () => ({ create: { name: 'Ann' } }), adapter: undefined })
    expect(await lab.browser.result()).toBe('Configuration')
  })

  test('C7 a provider of accounts names the method that the adapter lacks at construction', () => {
    const { linkAccount: _, ...adapter } = memoryAdapter()
    for (const type of ['oauth', 'oidc'] as const)
      expect(() => openLab({ adapter }, { type })).toThrow(/adapter: it lacks linkAccount\(\)/)
    expect(() => openLab({ adapter }, { type: 'webauthn' })).not.toThrow()
  })
})

describe('an app that has only some methods', () => {
  test('a user who could not be removed again is not created', async () => {
    const { deleteUser: _, ...adapter } = memoryAdapter()
    const lab = openLab({ adapter }, { begin: () => ({ create: { name: 'Ann' }, belongings: async () => {} }) })
    expect(await readResult(await lab.browser.way())).toBe('Configuration')
    expect(lab.users.size).toBe(0)
  })
})

describe('an adapter that makes ids of its own, as Auth.js’s do', () => {
  const openOwnIds = (options: Parameters<typeof openLab>[1]) => {
    const { createUser, getUser, getUserByEmail, getUserByAccount, updateUser, deleteUser, linkAccount } =
      memoryAdapter()
    const withOwnId: typeof createUser = (user) => createUser({ ...user, id: `own-${user.name}` })
    const adapter = {
      createUser: withOwnId,
      getUser,
      getUserByEmail,
      getUserByAccount,
      updateUser,
      deleteUser,
      linkAccount,
    }
    return openLab({ adapter }, { session: { strategy: 'jwt' }, ...options })
  }

  test.each([{ verified: { create: ANN } }, { verified: accountOf('17', ANN) }])(
    'the session is of the id that it made: $verified',
    async ({ verified }) => {
      const lab = openOwnIds({ begin: () => verified })
      expect(succeeded(await lab.browser.result()).session?.user.id).toBe('own-Ann')
      expect(await lab.eventsOf('signIn')).toMatchObject([{ user: { id: 'own-Ann' }, isNewUser: true }])
    },
  )

  test('an account leads to it from then on, and what fails takes it away again', async () => {
    const lab = openOwnIds({ begin: () => accountOf('17', ANN) })
    for (const _ of [1, 2]) expect(succeeded(await lab.open().result()).session?.user.id).toBe('own-Ann')
    const failing = openOwnIds({ begin: () => ({ create: ANN, belongings: () => Promise.reject(new Error('full')) }) })
    expect(await failing.browser.result()).toBe('CallbackRouteError')
    expect([failing.users.size, await failing.adapter.getUser?.('own-Ann')]).toEqual([0, null])
  })

  test('a user whose id must stay is refused by an adapter of sessions, with the reason', async () => {
    const store = memoryAdapter()
    const adapter = { ...store, createUser: (user: AdapterUser) => store.createUser({ ...user, id: 'own' }) }
    const lab = openLab({ adapter }, { begin: () => ({ mirror: { id: 'ann', ...ANN } }) })
    expect(await lab.browser.result()).toBe('Configuration')
  })
})
