import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { SessionParams } from '../../src/index.ts'
import { readJson, readKind } from '../support/browser.ts'
import { DAY, openScene, STRATEGIES, under } from '../support/scene.ts'

describe.each(STRATEGIES)('callbacks.session under the %s strategy', (strategy) => {
  const seen: SessionParams<string, Record<string, unknown>>[] = []
  const open = (
    shape: (params: SessionParams<string, Record<string, unknown>>) => unknown = ({ session }) => session,
    more: object = {},
  ) => {
    seen.length = 0
    return openScene({
      ...under(strategy),
      claims: { org: z.string() },
      callbacks: {
        jwt: ({ token, user }) => (user ? { ...token, org: 'acme', providerToken: 'gho_secret' } : token),
        session: (params) => {
          seen.push(params)
          return shape(params)
        },
      },
      ...more,
    })
  }

  test('S1 runs once per response that carries a session: sign-in and GET session', async () => {
    const { browser } = open()
    await browser.signIn()
    expect(seen).toHaveLength(1)
    await browser.get('/auth/session')
    expect(seen).toHaveLength(2)
    await browser.get('/auth/providers')
    await browser.signOut()
    expect(seen).toHaveLength(2)
  })

  test('S2 receives session, token and user, all three', async () => {
    const { browser, clock } = open()
    await browser.signIn()
    await browser.session()
    for (const params of seen) {
      expect(Object.keys(params).sort()).toEqual(['session', 'token', 'user'])
      expect(params.user).toMatchObject({ id: 'ann', name: 'ann', email: 'ann@example.com' })
      expect(params.token).toMatchObject({ sub: 'ann', iat: clock.seconds(), exp: clock.seconds() + 30 * DAY })
      expect(params.token.sessionId).toEqual(expect.any(String))
      if (strategy === 'database') expect(params.token.jti).toBe(params.token.sessionId)
    }
  })

  test('S4 what it returns is exactly what the client sees', async () => {
    const { browser } = open(({ user }) => ({ hello: user.name }))
    const signedIn = await readJson<{ session: unknown }>(await browser.signIn())
    expect(signedIn.session).toEqual({ hello: 'ann' })
    expect(await browser.session()).toEqual({ hello: 'ann' })
  })

  test('S5 null hides the session, and the cookie stays', async () => {
    const { browser } = open(() => null)
    expect(await readJson(await browser.signIn())).toEqual({ status: 'signedIn', session: null })
    expect(await browser.session()).toBeNull()
    expect(browser.cookies.size).toBe(1)
  })

  test('S6 is never called without a session', async () => {
    const { browser } = open()
    expect(await browser.session()).toBeNull()
    expect(seen).toEqual([])
  })

  test('S7 without it a client gets user, roles, declared claims and expires, and nothing else', async () => {
    const { browser } = open(undefined, {
      callbacks: { jwt: ({ token }: { token: object }) => ({ ...token, org: 'acme', providerToken: 'gho_secret' }) },
    })
    await browser.signIn()
    expect(await browser.session()).toEqual({
      user: { id: 'ann', name: 'ann', email: 'ann@example.com', image: null },
      roles: [],
      claims: strategy === 'jwt' ? { org: 'acme' } : {},
      expires: expect.any(String),
    })
  })

  test('S7 C4 an undeclared claim appears in no response', async () => {
    const { browser } = open()
    const bodies = [
      await browser.signIn(),
      await browser.get('/auth/session'),
      await browser.get('/auth/providers'),
      await browser.signOut(),
    ]
    for (const response of bodies) expect(await response.text()).not.toContain('gho_secret')
  })

  test('S7 exposeClaims narrows what leaves, not what the server sees', async () => {
    const { browser, context } = openScene({
      ...under(strategy),
      claims: { org: z.string(), plan: z.string() },
      exposeClaims: ['plan'],
      update: z.object({ org: z.string(), plan: z.string() }),
    })
    await browser.signIn()
    await browser.post('/auth/session', { org: 'acme', plan: 'pro' })
    expect((await browser.session())?.claims).toEqual({ plan: 'pro' })
    const { ctx } = context(browser.cookies.get('latchkey.session'))
    expect((await ctx.session())?.claims).toEqual({ org: 'acme', plan: 'pro' })
  })

  test('S8 shaping changes neither token nor row, whatever it writes into what it was given', async () => {
    const spoil = (params: SessionParams<string, Record<string, unknown>>) => {
      for (const part of [params.session.user, params.session.claims, params.token, params.user]) {
        Object.assign(part, { id: 'eve', sub: 'eve', name: 'Eve', org: 'evil' })
      }
      return { ok: true }
    }
    const { browser, context } = open(spoil)
    await browser.signIn()
    expect(await browser.session()).toEqual({ ok: true })
    const { ctx } = context(browser.cookies.get('latchkey.session'))
    await ctx.clientSession()
    expect((await ctx.session())?.user).toMatchObject({ id: 'ann', name: 'ann' })
    expect((await ctx.token())?.sub).toBe('ann')
  })

  test('S8 on the server ctx.session holds declared claims only; the whole map is asked for by name', async () => {
    const { browser, context } = open()
    await browser.signIn()
    const { ctx } = context(browser.cookies.get('latchkey.session'))
    expect(JSON.stringify(await ctx.session())).not.toContain('gho_secret')
    expect(Boolean((await ctx.token()) && 'providerToken' in (await ctx.token())!)).toBe(strategy === 'jwt')
  })

  test('S9 sign-in answers what a following session query answers', async () => {
    const { browser } = open(({ session }) => ({ ...session, at: session.expires }))
    const { session } = await readJson<{ session: unknown }>(await browser.signIn())
    expect(await browser.session()).toEqual(session)
  })

  test('S10 a throw is a server error and clears nothing', async () => {
    let isBroken = false
    const { browser } = open(({ session }) => {
      if (isBroken) throw new Error('broken shape')
      return session
    })
    await browser.signIn()
    isBroken = true
    const response = await browser.get('/auth/session')
    expect([response.status, await readKind(response), response.headers.getSetCookie()]).toEqual([
      500,
      'CallbackRouteError',
      [],
    ])
    isBroken = false
    expect((await browser.session())?.user.id).toBe('ann')
  })

  test('S10 a throw at sign-in leaves no session behind that nobody holds', async () => {
    const { browser, store, clock } = open(() => {
      throw new Error('broken shape')
    })
    expect((await browser.signIn()).status).toBe(500)
    expect(browser.setCookies).toEqual([])
    expect(await store.listSessions({ userId: 'ann', now: clock.read() })).toEqual([])
  })

  test('S11 events.session fires afterwards and cannot change the result', async () => {
    const events: unknown[] = []
    const { browser } = open(({ session }) => ({ id: session.user.id }), {
      events: {
        session: (event: { session: object }) => {
          events.push(structuredClone(event))
          throw new Error('a listener that throws')
        },
      },
    })
    await browser.signIn()
    expect(await browser.session()).toEqual({ id: 'ann' })
    expect(events).toHaveLength(2)
    expect(events[1]).toMatchObject({ session: { id: 'ann' }, userId: 'ann' })
  })
})

describe.each(STRATEGIES)('S12 S05 how long a session lasts under the %s strategy', (strategy) => {
  const open = (session: object = {}) =>
    openScene(
      under(strategy, { maxAge: '10d', updateAge: '1d', absoluteMaxAge: '30d', revalidateAge: '1d', ...session }),
    )

  test('use extends it, at most once per updateAge', async () => {
    const { browser, clock } = open()
    await browser.signIn()
    const first = (await browser.session())!.expires
    clock.turn(DAY - 1)
    expect((await browser.session())!.expires).toBe(first)
    clock.turn(1)
    const second = (await browser.session())!.expires
    expect(Date.parse(second) - Date.parse(first)).toBe(DAY * 1_000)
    clock.turn(3_600)
    expect((await browser.session())!.expires).toBe(second)
  })

  test('without use it ends after maxAge', async () => {
    const { browser, clock } = open()
    await browser.signIn()
    clock.turn(10 * DAY - 1)
    expect(await browser.session()).not.toBeNull()
    clock.turn(10 * DAY)
    expect(await browser.session()).toBeNull()
  })

  test('however much it is used, it ends absoluteMaxAge after sign-in', async () => {
    const { browser, clock } = open()
    await browser.signIn()
    for (let day = 0; day < 29; day++) {
      clock.turn(DAY)
      expect(await browser.session()).not.toBeNull()
    }
    clock.turn(DAY)
    expect(await browser.session()).toBeNull()
  })

  test('a session that lasts an hour is kept alive by use, with every other option left out', async () => {
    const { browser, clock } = openScene(under(strategy, { maxAge: '1h' }))
    await browser.signIn()
    for (let step = 0; step < 10; step++) {
      clock.turn(40 * 60)
      expect(await browser.session()).not.toBeNull()
    }
  })

  test('a store that can be read but not written costs nobody their session: it goes on unextended, and the log says so', async () => {
    const scene = open({ revalidateAge: '1d' })
    await scene.browser.signIn()
    const before = (await scene.browser.session())!.expires
    scene.adapter.slideSession = async () => {
      throw new Error('the database is read-only')
    }
    const readOnly = openScene({
      ...under(strategy, { maxAge: '10d', updateAge: '1d', revalidateAge: '1d' }),
      adapter: scene.adapter,
    })
    for (const [name, value] of scene.browser.cookies) readOnly.browser.cookies.set(name, value)
    readOnly.clock.turn(2 * DAY)
    const response = await readOnly.browser.get('/auth/session')
    expect([response.status, response.headers.getSetCookie()]).toEqual([200, []])
    expect(await response.json()).toMatchObject({ user: { id: 'ann' }, expires: before })
    expect(readOnly.log.lines.map(({ message }) => message)).toContain('a session could not be extended')
  })

  test('nothing slides where the new cookie cannot be delivered', async () => {
    const { browser, clock, context, store } = open()
    await browser.signIn()
    const [before] = await store.listSessions({ userId: 'ann', now: clock.read() })
    clock.turn(2 * DAY)
    for (const writability of ['committed', 'none'] as const) {
      const { ctx, setCookies } = context(browser.cookies.get('latchkey.session'), { writability })
      expect((await ctx.session())?.user.id).toBe('ann')
      expect(setCookies).toEqual([])
    }
    const [after] = await store.listSessions({ userId: 'ann', now: clock.read() })
    expect(after?.expires).toEqual(before?.expires)
  })
})

test('S12 an expired row is dead and is deleted', async () => {
  const { browser, clock, calls } = openScene(under('database'))
  await browser.signIn()
  clock.turn(31 * DAY)
  calls.length = 0
  expect(await browser.session()).toBeNull()
  expect(calls).toEqual(['getSessionAndUser', 'deleteSession'])
})

test('the database strategy writes nothing on a read that is not due to slide, and asks the store once', async () => {
  const { browser, calls } = openScene(under('database'))
  await browser.signIn()
  calls.length = 0
  await browser.session()
  expect(calls).toEqual(['getSessionAndUser'])
})

test('a jwt session asks the store nothing until it is due for renewal', async () => {
  const { browser, calls, clock } = openScene(under('jwt'))
  await browser.signIn()
  calls.length = 0
  for (let read = 0; read < 5; read++) await browser.session()
  expect(calls).toEqual([])
  clock.turn(5 * 60)
  await browser.session()
  expect(calls).toContain('getSessionAndUser')
})
