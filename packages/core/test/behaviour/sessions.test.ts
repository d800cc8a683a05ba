import { describe, expect, test } from 'vitest'
import { createSessionBus, memoryAdapter } from '../../src/index.ts'
import { COOKIE, makeAuth, openClock } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { MINUTE, openScene, STRATEGIES, under } from '../support/scene.ts'

describe.each(STRATEGIES)('under the %s strategy', (strategy) => {
  const open = (session: object = {}) => openScene(under(strategy, session))
  /** A thief's browser: the same cookies. */
  const steal = (scene: ReturnType<typeof open>) => {
    const thief = createBrowser(scene.auth)
    for (const [name, value] of scene.browser.cookies) thief.cookies.set(name, value)
    return thief
  }

  test('S01 a new sign-in gets another cookie, and the one that was there before is worth nothing', async () => {
    const scene = open()
    await scene.browser.signIn()
    const planted = steal(scene)
    await scene.browser.signIn()
    expect(scene.browser.cookies.get(COOKIE)).not.toBe(planted.cookies.get(COOKIE))
    expect(await planted.session()).toBeNull()
    expect((await scene.browser.session())?.user.id).toBe('ann')
  })

  test('S01 a cookie that the attacker planted does not become the victim’s session', async () => {
    const scene = open()
    await scene.browser.signIn('eve@example.com')
    const attacker = steal(scene)
    await scene.browser.signIn('ann@example.com')
    expect(await attacker.session()).toBeNull()
  })

  test('S03 a copy of the cookie is dead after sign-out', async () => {
    const scene = open()
    await scene.browser.signIn()
    const thief = steal(scene)
    expect((await thief.session())?.user.id).toBe('ann')
    const copied = steal(scene)
    await scene.browser.signOut()
    expect(await copied.session()).toBeNull()
  })

  test('S03 in another instance on the same store it is dead within revalidateAge, on a shared bus at once', async () => {
    const adapter = memoryAdapter()
    const clock = openClock()
    const bus = createSessionBus()
    const options = { adapter, clock: clock.read, ...under(strategy, { revalidateAge: '5m' }) }
    const [here, there, near] = [makeAuth({ ...options, bus }), makeAuth(options), makeAuth({ ...options, bus })]
    const browser = createBrowser(here)
    await browser.signIn()
    const copies = [there, near].map((auth) => {
      const copy = createBrowser(auth)
      copy.cookies.set(COOKIE, browser.cookies.get(COOKIE)!)
      return copy
    })
    for (const copy of copies) expect((await copy.session())?.user.id).toBe('ann')
    await browser.signOut()
    expect(await copies[1]!.session()).toBeNull()
    clock.turn(5 * MINUTE)
    expect(await copies[0]!.session()).toBeNull()
  })

  test('S04 signing out twice, without a session and with garbage is fine, and clears the cookie with its attributes', async () => {
    const { browser } = open()
    await browser.signIn()
    const statuses = [(await browser.signOut()).status, (await browser.signOut()).status]
    browser.cookies.set(COOKIE, 'garbage')
    statuses.push((await browser.signOut()).status)
    expect(statuses).toEqual([200, 200, 200])
    for (const header of browser.setCookies.slice(1))
      expect(header).toBe(`${COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`)
  })

  test('S04 signing out with an expired cookie works too', async () => {
    const { browser, clock } = open()
    await browser.signIn()
    clock.turn(31 * 86_400)
    expect((await browser.signOut()).status).toBe(200)
    expect(browser.cookies.size).toBe(0)
  })

  test('signing out everywhere ends every session of the person and nobody else’s', async () => {
    const { auth, browser } = open()
    const [phone, stranger] = [createBrowser(auth), createBrowser(auth)]
    await browser.signIn()
    await phone.signIn()
    await stranger.signIn('bob@example.com')
    await browser.signOut({ everywhere: true })
    expect([await browser.session(), await phone.session()]).toEqual([null, null])
    expect((await stranger.session())?.user.id).toBe('bob')
  })

  test('C5 Z03 the list names sessions by public id; one’s own can be revoked, another’s is not found', async () => {
    const { auth, browser, context } = open()
    const [phone, bob] = [createBrowser(auth), createBrowser(auth)]
    await browser.signIn()
    await phone.signIn()
    await bob.signIn('bob@example.com')
    const { ctx } = context(browser.cookies.get(COOKIE))
    const list = await ctx.sessions.list()
    expect(list).toHaveLength(2)
    expect(list.filter(({ current }) => current)).toHaveLength(1)
    expect(JSON.stringify(list)).not.toContain(browser.cookies.get(COOKIE))
    const other = list.find(({ current }) => !current)!
    await ctx.sessions.revoke({ id: other.id })
    expect(await phone.session()).toBeNull()
    const bobs = context(bob.cookies.get(COOKIE)).ctx
    const [bobsSession] = await bobs.sessions.list()
    await expect(ctx.sessions.revoke({ id: bobsSession!.id })).rejects.toMatchObject({ kind: 'NotFound' })
    await expect(ctx.sessions.revoke({ id: other.id })).rejects.toMatchObject({ kind: 'NotFound' })
    for (const id of ['', '../x', "' or 1=1 --", 'x'.repeat(1_000)]) {
      await expect(ctx.sessions.revoke({ id })).rejects.toMatchObject({
        kind: expect.stringMatching(/NotFound|InvalidInput/),
      })
    }
    expect((await bob.session())?.user.id).toBe('bob')
  })

  test('revokeOthers ends all but this one', async () => {
    const { auth, browser, context } = open()
    const others = [createBrowser(auth), createBrowser(auth)]
    await browser.signIn()
    for (const other of others) await other.signIn()
    expect(await context(browser.cookies.get(COOKIE)).ctx.sessions.revokeOthers()).toEqual({ revoked: 2 })
    for (const other of others) expect(await other.session()).toBeNull()
    expect((await browser.session())?.user.id).toBe('ann')
  })

  test('S09 a forged cookie at sign-out touches nobody’s session', async () => {
    const { auth, browser, context } = open()
    await browser.signIn()
    const { ctx } = context(browser.cookies.get(COOKIE))
    const id = (await ctx.session())!.sessionId
    const forger = createBrowser(auth)
    for (const value of [id, `jwt:${id}`, browser.cookies.get(COOKIE)!.slice(0, -2), 'x.y.z']) {
      forger.cookies.set(COOKIE, value)
      expect((await forger.signOut()).status).toBe(200)
    }
    expect((await browser.session())?.user.id).toBe('ann')
  })

  test('T07 the identity of a request is the one it arrived with, whatever its other calls do', async () => {
    const { browser, context } = open()
    const { ctx } = context(undefined, { method: 'POST' })
    const [signedIn, during] = await Promise.all([
      context(undefined).ctx.signIn({ provider: 'credentials', email: 'ann@example.com', password: 'right' }),
      ctx.session(),
    ])
    expect([signedIn.status, during, await ctx.session()]).toEqual(['signedIn', null, null])
    await browser.signIn()
    const request = context(browser.cookies.get(COOKIE)).ctx
    const before = await request.session()
    await request.signOut()
    expect((await request.session())?.sessionId).toBe(before?.sessionId)
    expect(await context(browser.cookies.get(COOKIE)).ctx.session()).toBeNull()
  })

  test('what must set a cookie fails with ResponseCommitted before any side effect', async () => {
    const { browser, context, calls, store } = open()
    await browser.signIn()
    calls.length = 0
    for (const writability of ['committed', 'none'] as const) {
      const input = { provider: 'credentials', email: 'bob@example.com', password: 'right' }
      const refused = { kind: 'ResponseCommitted' }
      await expect(context(undefined, { writability }).ctx.signIn(input)).rejects.toMatchObject(refused)
      await expect(context(browser.cookies.get(COOKIE), { writability }).ctx.signOut()).rejects.toMatchObject(refused)
    }
    expect(calls.filter((call) => call !== 'getSessionAndUser')).toEqual([])
    expect(await store.getUser('bob')).toBeNull()
    expect((await browser.session())?.user.id).toBe('ann')
  })

  test('H10 Z05 a role that is taken away is gone with the next request, or within revalidateAge', async () => {
    const scene = openScene({
      ...under(strategy, { revalidateAge: '5m' }),
      roles: ['member', 'admin'],
      callbacks: {
        jwt: async ({ token, user, stored }) => {
          const row = (user ?? stored) as { roles?: readonly string[] } | null
          return row ? { ...token, roles: row.roles ?? [] } : token
        },
      },
    })
    await scene.store.createUser({ id: 'ann', name: 'ann', email: 'ann@example.com', roles: ['admin'] })
    await scene.browser.signIn()
    expect((await scene.browser.session())?.roles).toEqual(['admin'])
    await scene.store.updateUser({ id: 'ann', roles: ['member'] })
    if (strategy === 'jwt') scene.clock.turn(5 * MINUTE)
    expect((await scene.browser.session())?.roles).toEqual(['member'])
  })

  test('a deleted user is signed out with the next request, or within revalidateAge', async () => {
    const { browser, store, clock } = open({ revalidateAge: '5m' })
    await browser.signIn()
    await store.deleteUser('ann')
    if (strategy === 'jwt') clock.turn(5 * MINUTE)
    expect(await browser.session()).toBeNull()
  })
})

test('a jwt token past revalidateAge is checked against its row also where no cookie can be set', async () => {
  const { browser, context, clock, store } = openScene(under('jwt', { revalidateAge: '5m' }))
  await browser.signIn()
  const cookie = browser.cookies.get(COOKIE)
  clock.turn(5 * MINUTE)
  const [row] = await store.listSessions({ userId: 'ann', now: clock.read() })
  expect((await context(cookie, { writability: 'none' }).ctx.session())?.user.id).toBe('ann')
  // As another instance would: nothing in this one has heard of it.
  await store.revokeSession({ id: row!.id, userId: 'ann', now: clock.read() })
  expect(await context(cookie, { writability: 'none' }).ctx.session()).toBeNull()
})

test('M04 without an adapter signing out everywhere ends this session, clears the cookie, and says that it ended no other', async () => {
  const { browser, context } = openScene({ adapter: undefined })
  await browser.signIn()
  const { ctx, setCookies } = context(browser.cookies.get(COOKIE), { method: 'POST' })
  expect(ctx).not.toHaveProperty('sessions')
  expect(await ctx.signOut({ everywhere: true })).toEqual({ signedOut: true, everywhere: false })
  expect(setCookies).toEqual([expect.stringContaining('Max-Age=0')])
})
