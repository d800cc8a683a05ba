import { describe, expect, test } from 'vitest'
import { AuthError, memoryAdapter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { passwordProvider } from '../support/auth.ts'
import { readJson, readKind } from '../support/browser.ts'
import { openScene, STRATEGIES, under } from '../support/scene.ts'

/** Every step of a sign-in writes its name down, the store's too. */
function openTraced(overrides: Partial<AnyOptions> = {}) {
  const trace: string[] = []
  const store = memoryAdapter()
  const adapter = {
    ...store,
    createSession: (session: Parameters<typeof store.createSession>[0]) => {
      trace.push('createSession')
      return store.createSession(session)
    },
  }
  const { callbacks, ...rest } = overrides
  const scene = openScene({
    adapter,
    ...rest,
    callbacks: {
      signIn: () => (trace.push('signIn'), true),
      resolveUser: ({ user }) => (trace.push('resolveUser'), user),
      jwt: ({ token }) => (trace.push('jwt'), token),
      session: ({ session }) => (trace.push('session'), session),
      ...callbacks,
    },
  })
  return { ...scene, store, trace }
}

describe('O1 O2 the order of a sign-in', () => {
  test.each([
    {
      how: 'jwt',
      options: under('jwt'),
      flow: {},
      trace: ['signIn', 'resolveUser', 'jwt', 'createSession', 'session'],
    },
    {
      how: 'jwt without an adapter',
      options: { ...under('jwt'), adapter: undefined },
      flow: {},
      trace: ['signIn', 'resolveUser', 'jwt', 'session'],
    },
    {
      how: 'database',
      options: under('database'),
      flow: {},
      trace: ['signIn', 'resolveUser', 'createSession', 'session'],
    },
    {
      how: 'database with the token flow',
      options: { ...under('database'), tokens: { enabled: true } },
      flow: { flow: 'token' },
      trace: ['signIn', 'resolveUser', 'jwt', 'createSession', 'session'],
    },
  ])('$how: $trace', async ({ options, flow, trace }) => {
    const scene = openTraced(options)
    expect((await scene.browser.signIn(undefined, undefined, flow)).status).toBe(200)
    expect(scene.trace).toEqual(trace)
  })
})

describe.each(STRATEGIES)('under the %s strategy', (strategy) => {
  test('O3 signIn returning false refuses: nothing later runs, no row is written', async () => {
    const { browser, trace, store } = openTraced({ ...under(strategy), callbacks: { signIn: () => false } })
    const response = await browser.signIn()
    expect([response.status, await readKind(response)]).toEqual([403, 'AccessDenied'])
    expect([trace, browser.setCookies]).toEqual([[], []])
    expect(await store.getUser('ann')).toBeNull()
  })

  test.each([
    { asked: '/verify?step=2', url: 'http://app.test/verify?step=2' },
    { asked: 'https://admin.test/x', url: 'https://admin.test/x' },
    { asked: 'https://evil.test/', url: 'http://app.test/' },
    { asked: '//evil.test', url: 'http://app.test/' },
  ])('O3 a string is a redirect target, checked: $asked → $url', async ({ asked, url }) => {
    const { browser, trace } = openTraced({
      ...under(strategy),
      trustedOrigins: ['https://admin.test'],
      callbacks: { signIn: () => asked },
    })
    expect(await readJson(await browser.signIn())).toEqual({ status: 'redirect', url })
    expect([trace, browser.setCookies]).toEqual([[], []])
  })

  test('O3 a redirect callback has the last word, and must answer a web address', async () => {
    const { browser } = openTraced({
      ...under(strategy),
      callbacks: { signIn: () => '/next', redirect: ({ url, baseUrl }) => `${baseUrl}/checked?next=${url}` },
    })
    expect(await readJson(await browser.signIn())).toEqual({
      status: 'redirect',
      url: 'http://app.test/checked?next=/next',
    })
    const wrong = openTraced({
      ...under(strategy),
      callbacks: { signIn: () => '/next', redirect: () => 'javascript:alert(1)' },
    })
    expect(await readKind(await wrong.browser.signIn())).toBe('CallbackRouteError')
  })

  test('O4 signIn throwing is a server error: the cause in the log, not in the answer', async () => {
    const { browser, log } = openTraced({
      ...under(strategy),
      callbacks: {
        signIn: () => {
          throw new Error('LDAP said no at 10.0.0.7')
        },
      },
    })
    const response = await browser.signIn()
    const body = await response.clone().text()
    expect([response.status, await readKind(response)]).toEqual([500, 'CallbackRouteError'])
    expect(body).not.toContain('LDAP')
    expect(log.lines.some(({ cause }) => String((cause as Error | undefined)?.cause).includes('LDAP'))).toBe(true)
  })

  test('an AuthError that a callback throws keeps its kind', async () => {
    const { browser } = openTraced({
      ...under(strategy),
      callbacks: {
        signIn: () => {
          throw new AuthError('AccessDenied')
        },
      },
    })
    expect(await readKind(await browser.signIn())).toBe('AccessDenied')
  })

  test('O5 signIn receives user, account, profile and the credentials that the schema let through', async () => {
    const seen: unknown[] = []
    const { browser } = openTraced({ ...under(strategy), callbacks: { signIn: (params) => (seen.push(params), true) } })
    await browser.signIn('ann@example.com', 'right', { provider: 'other', admin: true })
    expect(seen).toEqual([
      {
        user: { id: 'ann', name: 'ann', email: 'ann@example.com' },
        account: { provider: 'credentials', type: 'credentials', providerAccountId: 'ann' },
        profile: null,
        credentials: { email: 'ann@example.com', password: 'right' },
      },
    ])
  })

  test('O6 resolveUser runs after the store has the user, and what it returns is whose session it is', async () => {
    const known: unknown[] = []
    const scene = openTraced({
      ...under(strategy),
      callbacks: {
        resolveUser: async ({ user, isNewUser }) => {
          known.push([isNewUser, (await scene.store.getUser('ann'))?.email])
          return { ...user, id: 'boss', name: 'The Boss' }
        },
      },
    })
    await scene.store.createUser({ id: 'boss', name: 'The Boss' })
    await scene.browser.signIn()
    expect(known).toEqual([[false, 'ann@example.com']])
    expect((await scene.browser.session())?.user).toMatchObject({ id: 'boss', name: 'The Boss' })
  })

  test('O8 events can neither block nor fail a flow; a throw in one is logged', async () => {
    const fail = () => {
      throw new Error('listener down')
    }
    const hang = () => new Promise<void>(() => {})
    const { browser, log } = openScene({
      ...under(strategy),
      events: { signIn: hang, createUser: fail, session: fail, signOut: fail },
    })
    expect((await browser.signIn()).status).toBe(200)
    expect((await browser.signOut()).status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(log.lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['events.createUser failed', 'events.session failed', 'events.signOut failed']),
    )
  })

  test('O9 O10 createUser fires once, with the id that authorize gave; what differs later is written', async () => {
    const events: unknown[] = []
    let name = 'Ann'
    const { browser, store } = openScene({
      ...under(strategy),
      providers: [passwordProvider(() => ({ id: 'u-17', name, email: 'ann@example.com', nickname: 'not a column' }))],
      events: {
        createUser: ({ user }) => void events.push(['created', user.id]),
        updateUser: ({ user }) => void events.push(['updated', user.name]),
      },
    })
    await browser.signIn()
    await browser.signIn()
    name = 'Ann Renamed'
    await browser.signIn()
    expect(await store.getUser('u-17')).toMatchObject({ id: 'u-17', name: 'Ann Renamed', email: 'ann@example.com' })
    expect(events).toEqual([
      ['created', 'u-17'],
      ['updated', 'Ann Renamed'],
    ])
  })

  test('O10 of ten first sign-ins at once one makes the user, and all of them succeed', async () => {
    const events: unknown[] = []
    const { auth, store, browser } = openScene({
      ...under(strategy),
      events: { createUser: (event) => void events.push(event) },
    })
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await browser.signIn()).status))
    expect(statuses).toEqual(Array(10).fill(200))
    expect(await store.getUser('ann')).not.toBeNull()
    expect(events).toHaveLength(1)
    expect(auth.features.strategy).toBe(strategy)
  })
})
