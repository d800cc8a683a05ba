import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { JwtParams } from '../../src/index.ts'
import { makeAuth } from '../support/auth.ts'
import { createBrowser, readKind } from '../support/browser.ts'
import { MINUTE, openScene, under } from '../support/scene.ts'

type Params = JwtParams<string, Record<string, unknown>>

/** A callback that remembers what it was asked. */
function spy(answer: (params: Params) => object | null | Promise<object | null> = ({ token }) => token) {
  const seen: Params[] = []
  const jwt = (params: Params) => {
    seen.push(params)
    return answer(params) as never // answers may be wrong on purpose
  }
  return { seen, jwt }
}

describe('when jwt runs', () => {
  test('J1 at sign-in, at updateSession and at renewal, and on no other read', async () => {
    const { seen, jwt } = spy()
    const { browser, clock } = openScene({
      ...under('jwt', { revalidateAge: '5m' }),
      claims: { org: z.string() },
      update: z.object({ org: z.string() }),
      callbacks: { jwt },
    })
    await browser.signIn()
    for (let read = 0; read < 5; read++) await browser.session()
    expect(seen.map(({ trigger }) => trigger)).toEqual(['signIn'])
    await browser.post('/auth/session', { org: 'acme' })
    expect(seen.map(({ trigger }) => trigger)).toEqual(['signIn', 'update'])
    clock.turn(5 * MINUTE - 1)
    await browser.session()
    expect(seen).toHaveLength(2)
    clock.turn(1)
    await browser.session()
    await browser.session()
    expect(seen.map(({ trigger }) => trigger)).toEqual(['signIn', 'update', 'update'])
  })

  test('J1 sliding re-seals with a later end and calls nothing', async () => {
    const { seen, jwt } = spy()
    const { browser, clock } = openScene({
      ...under('jwt', { maxAge: '10d', updateAge: '1h', revalidateAge: '5d' }),
      callbacks: { jwt },
    })
    await browser.signIn()
    const before = await browser.session()
    clock.turn(2 * 3_600)
    const after = await browser.session()
    expect(Date.parse(after!.expires) - Date.parse(before!.expires)).toBe(2 * 3_600_000)
    expect(seen).toHaveLength(1)
  })

  test('J2 never under the database strategy with bearer tokens off', async () => {
    const { seen, jwt } = spy()
    const { browser, clock } = openScene({
      ...under('database'),
      claims: { org: z.string() },
      update: z.object({ org: z.string() }),
      callbacks: { jwt },
    })
    await browser.signIn()
    await browser.post('/auth/session', { org: 'acme' })
    clock.turn(86_400 * 2)
    await browser.session()
    await browser.signOut()
    expect(seen).toEqual([])
  })

  test('J2 under the database strategy with bearer tokens on, for the bearer token only', async () => {
    const { seen, jwt } = spy()
    const { browser } = openScene({ ...under('database'), tokens: { enabled: true }, callbacks: { jwt } })
    await browser.signIn()
    await browser.session()
    expect(seen).toHaveLength(0)
    await browser.signIn('ann@example.com', 'right', { flow: 'token' })
    expect(seen.map(({ trigger }) => trigger)).toEqual(['signIn'])
  })
})

describe('what jwt receives', () => {
  test('J3 J4 J5 J6 D1 D2 at sign-in: exactly its members, the default claims, and never signUp for credentials', async () => {
    const { seen, jwt } = spy()
    const { browser, clock } = openScene({ ...under('jwt'), callbacks: { jwt } })
    await browser.signIn()
    const [params] = seen
    expect(Object.keys(params!).sort()).toEqual(
      ['account', 'isNewUser', 'profile', 'session', 'stored', 'token', 'trigger', 'user'].sort(),
    )
    expect(params).toMatchObject({
      trigger: 'signIn',
      isNewUser: false,
      profile: null,
      session: null,
      stored: null,
      user: { id: 'ann', name: 'ann', email: 'ann@example.com' },
      account: { provider: 'credentials', type: 'credentials', providerAccountId: 'ann' },
    })
    expect(params!.token).toEqual({
      sub: 'ann',
      name: 'ann',
      email: 'ann@example.com',
      picture: null,
      iat: clock.seconds(),
      exp: clock.seconds() + 30 * 86_400,
      jti: expect.any(String),
      sessionId: expect.any(String),
      authTime: clock.seconds(),
      amr: ['pwd'],
    })
  })

  test('J3 J4 J6 J7 on update: the existing claims, nobody signing in, and the row as stored now', async () => {
    const { seen, jwt } = spy(({ token, user }) => (user ? { ...token, plan: 'pro' } : token))
    const { browser, clock, store } = openScene({ ...under('jwt'), callbacks: { jwt } })
    await browser.signIn()
    await store.updateUser({ id: 'ann', name: 'Ann Renamed' })
    clock.turn(5 * MINUTE)
    await browser.session()
    expect(seen[1]).toMatchObject({
      trigger: 'update',
      user: null,
      account: null,
      profile: null,
      isNewUser: false,
      session: null,
      stored: { id: 'ann', name: 'Ann Renamed' },
      token: { sub: 'ann', plan: 'pro' },
    })
  })

  test('J3 J7 on update without an adapter stored is null', async () => {
    const { seen, jwt } = spy()
    const { browser, clock } = openScene({ adapter: undefined, callbacks: { jwt } })
    await browser.signIn()
    clock.turn(5 * MINUTE)
    await browser.session()
    expect(seen[1]).toMatchObject({ trigger: 'update', user: null, stored: null, isNewUser: false })
  })

  test('J16 updateSession: the patch arrives as session, merged into the token before', async () => {
    const { seen, jwt } = spy()
    const { browser } = openScene({
      ...under('jwt'),
      claims: { org: z.string() },
      update: z.object({ org: z.string() }),
      callbacks: { jwt },
    })
    await browser.signIn()
    await browser.post('/auth/session', { org: 'acme', sub: 'eve', roles: ['admin'] })
    expect(seen[1]).toMatchObject({ trigger: 'update', session: { org: 'acme' }, token: { sub: 'ann', org: 'acme' } })
    expect(seen[1]!.session).toEqual({ org: 'acme' })
    expect((await browser.session())?.roles).toEqual([])
  })
})

describe('what jwt returns', () => {
  const claims = { org: z.string() }
  const mutate = ({ token, user }: Params) => {
    if (user) Object.assign(token, { org: 'acme' })
    return token
  }
  const replace = ({ token, user }: Params) => (user ? { ...token, org: 'acme' } : token)

  test.each([
    ['mutating the token', mutate],
    ['a new object', replace],
    ['a promise (J12)', async (params: Params) => replace(params)],
  ])('J8 J9 %s is what is encoded, and survives every renewal', async (_name, answer) => {
    const { browser, clock } = openScene({ ...under('jwt'), claims, callbacks: { jwt: spy(answer).jwt } })
    await browser.signIn()
    for (let renewal = 0; renewal < 3; renewal++) {
      clock.turn(6 * MINUTE)
      expect((await browser.session())?.claims).toEqual({ org: 'acme' })
    }
  })

  test('D3 what it does not touch stays', async () => {
    const { browser } = openScene({ ...under('jwt'), claims, callbacks: { jwt: spy(replace).jwt } })
    await browser.signIn()
    expect((await browser.session())?.user).toEqual({ id: 'ann', name: 'ann', email: 'ann@example.com', image: null })
  })

  test('J11 guarding on trigger === "signIn" is not what user says: credentials are never signUp', async () => {
    const byTrigger = ({ token, trigger }: Params) => (trigger === 'signIn' ? { ...token, org: 'acme' } : token)
    const { browser } = openScene({ ...under('jwt'), claims, callbacks: { jwt: spy(byTrigger).jwt } })
    await browser.signIn()
    expect((await browser.session())?.claims).toEqual({ org: 'acme' })
  })

  test('J13 identity and life are re-applied after it', async () => {
    const steal = ({ token }: Params) => ({
      ...token,
      sub: 'eve',
      exp: token.exp + 86_400 * 365,
      iat: 0,
      jti: 'fixed',
      sessionId: 'fixed',
      authTime: 9_999_999_999,
    })
    const { browser, context, clock } = openScene({ ...under('jwt'), callbacks: { jwt: spy(steal).jwt } })
    await browser.signIn()
    const { ctx } = context(browser.cookies.get('latchkey.session'))
    const token = await ctx.token()
    expect(token).toMatchObject({
      sub: 'ann',
      iat: clock.seconds(),
      exp: clock.seconds() + 30 * 86_400,
      authTime: clock.seconds(),
    })
    expect([token?.jti, token?.sessionId]).not.toContain('fixed')
  })

  test('J14 null refuses: no cookie, no row, no signIn event', async () => {
    const events: unknown[] = []
    const { browser, store } = openScene({
      ...under('jwt'),
      callbacks: { jwt: spy(() => null).jwt },
      events: { signIn: (event) => void events.push(event) },
    })
    const response = await browser.signIn()
    expect([response.status, await readKind(response)]).toEqual([401, 'TokenRefused'])
    expect(browser.setCookies).toEqual([])
    expect(await store.listSessions({ userId: 'ann', now: new Date(0) })).toEqual([])
    expect(events).toEqual([])
  })

  test('J14 null on renewal ends the session, also for a copy of the cookie', async () => {
    let isBanned = false
    const { browser, clock, auth } = openScene({
      ...under('jwt'),
      callbacks: { jwt: spy(({ token }) => (isBanned ? null : token)).jwt },
    })
    await browser.signIn()
    const copy = createBrowser(auth)
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
    isBanned = true
    clock.turn(6 * MINUTE)
    expect(await browser.session()).toBeNull()
    isBanned = false
    expect([await browser.session(), await copy.session()]).toEqual([null, null])
  })

  test('J10 a throw fails the sign-in: no cookie, no row, no later step', async () => {
    const steps: string[] = []
    const { browser, store, log } = openScene({
      ...under('jwt'),
      callbacks: {
        jwt: spy(() => {
          throw new Error('the role service is down')
        }).jwt,
        session: ({ session }) => {
          steps.push('session')
          return session
        },
      },
    })
    const response = await browser.signIn()
    expect([response.status, await readKind(response)]).toEqual([500, 'CallbackRouteError'])
    expect(await response.text()).not.toContain('role service')
    expect(JSON.stringify(log.lines.map(({ cause }) => String((cause as Error).cause)))).toContain(
      'the role service is down',
    )
    expect([browser.setCookies, steps]).toEqual([[], []])
    expect(await store.listSessions({ userId: 'ann', now: new Date(0) })).toEqual([])
  })

  test('J15 a throw on renewal is an error, clears nothing, and the session goes on afterwards', async () => {
    let isBroken = false
    const { browser, clock } = openScene({
      ...under('jwt'),
      callbacks: {
        jwt: spy(({ token }) => {
          if (isBroken) throw new Error('down')
          return token
        }).jwt,
      },
    })
    await browser.signIn()
    isBroken = true
    clock.turn(6 * MINUTE)
    const response = await browser.get('/auth/session')
    expect([response.status, response.headers.getSetCookie()]).toEqual([500, []])
    isBroken = false
    expect((await browser.session())?.user.id).toBe('ann')
  })
})

describe('D1 D4 default claims', () => {
  test.each([
    { user: { id: 7 as unknown as string }, claims: { sub: '7', amr: ['pwd'] } },
    {
      user: { id: 'a', name: null, email: undefined, image: 'x.png' },
      claims: { sub: 'a', name: null, picture: 'x.png', amr: ['pwd'] },
    },
  ])('$claims', async ({ user, claims }) => {
    const { seen, jwt } = spy()
    const auth = makeAuth({
      callbacks: { jwt },
      providers: [
        {
          id: 'credentials',
          name: 'x',
          type: 'credentials',
          input: z.object({ email: z.string(), password: z.string() }),
          identify: null,
          begin: () => ({ mirror: user }),
        },
      ],
    })
    await createBrowser(auth).signIn()
    const { iat: _i, exp: _e, jti: _j, sessionId: _s, authTime: _a, ...rest } = seen[0]!.token
    expect(rest).toEqual(claims)
    expect('email' in seen[0]!.token).toBe('email' in claims)
  })
})

describe.each(['jwt', 'database'] as const)('J16 updateSession under the %s strategy', (strategy) => {
  const open = () =>
    openScene({
      ...under(strategy),
      roles: ['member', 'admin'],
      claims: { org: z.string(), orgId: z.string() },
      update: z.object({ orgId: z.string().max(8) }),
    })

  test('a patch is stored, answered, and there on the next request', async () => {
    const { browser } = open()
    await browser.signIn()
    const response = await browser.post('/auth/session', { orgId: 'o_2' })
    expect(await response.json()).toMatchObject({ claims: { orgId: 'o_2' } })
    expect((await browser.session())?.claims).toEqual({ orgId: 'o_2' })
  })

  test('a field outside the schema never arrives; one that does not fit is refused', async () => {
    const { browser } = open()
    await browser.signIn()
    await browser.post('/auth/session', { orgId: 'o_2', org: 'evil', roles: ['admin'], sub: 'eve' })
    expect(await browser.session()).toMatchObject({ claims: { orgId: 'o_2' }, roles: [], user: { id: 'ann' } })
    expect((await browser.session())?.claims).not.toHaveProperty('org')
    for (const patch of [{ orgId: 7 }, { orgId: 'far too long' }, {}, []]) {
      const response = await browser.post('/auth/session', patch)
      expect([response.status, await readKind(response)]).toEqual([400, 'InvalidInput'])
    }
  })

  test('without a schema there is no such endpoint', async () => {
    const { browser } = openScene(under(strategy))
    await browser.signIn()
    const response = await browser.post('/auth/session', { orgId: 'o_2' })
    expect([response.status, await readKind(response)]).toEqual([404, 'NotFound'])
  })

  test('without a session it is refused', async () => {
    const { browser } = open()
    expect(await readKind(await browser.post('/auth/session', { orgId: 'o_2' }))).toBe('SessionRequired')
  })
})

test('J16 two patches at once under the database strategy lose nothing', async () => {
  const { browser } = openScene({
    ...under('database'),
    claims: { a: z.string(), b: z.string(), c: z.string() },
    update: z.object({ a: z.string().optional(), b: z.string().optional(), c: z.string().optional() }),
  })
  await browser.signIn()
  await Promise.all([{ a: '1' }, { b: '2' }, { c: '3' }].map((patch) => browser.post('/auth/session', patch)))
  expect((await browser.session())?.claims).toEqual({ a: '1', b: '2', c: '3' })
})
