import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type AuthContext, createSessionBus, memoryAdapter, type SessionAdapter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { COOKIE, makeAuth, openClock, ORIGIN } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { openScene } from '../support/scene.ts'

const DAY = 86_400
const CACHED = { session: { strategy: 'database', rowCache: { maxAge: '10s' } } } as const

/** A scene in which Ann has signed in, with what her cookie is answered and how often her row was read. */
async function openCached(overrides: Partial<AnyOptions> = {}) {
  const scene = openScene({ ...CACHED, ...overrides })
  await scene.browser.signIn()
  const cookie = scene.browser.cookies.get(COOKIE) ?? ''
  scene.calls.length = 0
  const whoIs = async () => (await scene.context(cookie).ctx.session())?.user.id ?? null
  const reads = () => scene.calls.filter((call) => call === 'getSessionAndUser').length
  return { ...scene, cookie, whoIs, reads }
}

describe('session.rowCache', () => {
  test('is off by default: every request reads its row', async () => {
    const { whoIs, reads } = await openCached({ session: { strategy: 'database' } })
    for (let request = 1; request <= 3; request++) {
      expect(await whoIs()).toBe('ann')
      expect(reads()).toBe(request)
    }
  })

  test('answers a row for as long as it says, and reads it again then', async () => {
    const { whoIs, reads, clock } = await openCached()
    for (const seconds of [0, 1, 8.999]) {
      clock.turn(seconds)
      expect([await whoIs(), reads()]).toEqual(['ann', 1])
    }
    clock.turn(0.001)
    expect([await whoIs(), reads()]).toEqual(['ann', 2])
  })

  test('bounds how long what it cannot hear of lives on: a row that is ended in the store', async () => {
    const { whoIs, store, clock } = await openCached()
    expect(await whoIs()).toBe('ann')
    await store.revokeSessions({ userId: 'ann', now: clock.read() })
    clock.turn(9.999)
    expect(await whoIs()).toBe('ann')
    clock.turn(0.001)
    expect(await whoIs()).toBeNull()
  })

  test('bounds H10: a role that the app takes away', async () => {
    const { store, clock, cookie, context, whoIs } = await openCached()
    const roles = async () => (await context(cookie).ctx.session())?.roles
    await store.updateUser({ id: 'ann', role: 'admin' })
    expect(await roles()).toEqual(['admin'])
    await store.updateUser({ id: 'ann', role: null })
    expect(await roles()).toEqual(['admin'])
    clock.turn(10)
    expect(await roles()).toEqual([])
    expect(await whoIs()).toBe('ann')
  })

  test.each<{ end: string; by: (ctx: AuthContext, id: string) => Promise<unknown>; own: boolean }>([
    { end: 'sign-out', by: (ctx) => ctx.signOut(), own: true },
    { end: 'sign-out everywhere', by: (ctx) => ctx.signOut({ everywhere: true }), own: false },
    { end: 'its revocation by id', by: (ctx, id) => ctx.sessions.revoke({ id }), own: false },
    { end: 'the revocation of all others', by: (ctx) => ctx.sessions.revokeOthers(), own: false },
  ])('S03 $end in this process counts at once', async ({ by, own }) => {
    const { auth, whoIs, cookie, context, reads } = await openCached()
    const other = createBrowser(auth)
    await other.signIn()
    const from = own ? cookie : (other.cookies.get(COOKIE) ?? '')
    const session = await context(cookie).ctx.session()
    expect([await whoIs(), reads()]).toEqual(['ann', 1])
    await by(context(from, { method: 'POST' }).ctx, session?.sessionId ?? '')
    expect(await whoIs()).toBeNull()
  })

  test('S03 X08 an end that the bus tells of counts at once in another instance', async () => {
    const [adapter, bus, clock] = [memoryAdapter(), createSessionBus(), openClock()]
    const open = () => makeAuth({ adapter, bus, clock: clock.read, ...CACHED })
    const [here, there] = [open(), open()]
    const browser = createBrowser(here)
    await browser.signIn()
    const headers = { cookie: `${COOKIE}=${browser.cookies.get(COOKIE)}` }
    const whoIsThere = async () => (await there.getSession(new Request(ORIGIN, { headers })))?.user.id ?? null
    expect(await whoIsThere()).toBe('ann')
    await browser.signOut()
    expect(await whoIsThere()).toBeNull()
  })

  test('updateSession is seen by the next request', async () => {
    const options = { claims: { org: z.string() }, update: z.object({ org: z.string() }) }
    const { context, cookie } = await openCached(options)
    const org = async () => (await context(cookie).ctx.session())?.claims
    expect(await org()).toEqual({})
    await context(cookie, { method: 'POST' }).ctx.update({ org: 'acme' } as never) // the scene's types know no claims
    expect(await org()).toEqual({ org: 'acme' })
  })

  test('S12 a row that is kept ends to the second, and is deleted', async () => {
    const { whoIs, clock, store, context, cookie } = await openCached({
      session: { strategy: 'database', maxAge: '1m', updateAge: '1m', rowCache: { maxAge: '1h' } },
    })
    expect(await whoIs()).toBe('ann')
    const id = (await context(cookie).ctx.session())?.user.id ?? ''
    clock.turn(59.999)
    expect(await whoIs()).toBe('ann')
    clock.turn(0.001)
    expect(await whoIs()).toBeNull()
    expect(await store.listSessions({ userId: id, now: new Date(0) })).toEqual([])
  })

  test('S12 a session is extended once, not once for every answer from memory', async () => {
    const { whoIs, calls, clock } = await openCached()
    clock.turn(DAY)
    for (let request = 0; request < 3; request++) expect(await whoIs()).toBe('ann')
    expect(calls.filter((call) => call === 'slideSession')).toHaveLength(1)
  })

  test('keeps no misses and no refusals', async () => {
    const { whoIs, clock, gated, rows } = await openGated()
    gated.answer = async () => null
    expect(await whoIs()).toBeNull()
    gated.answer = undefined
    expect(await whoIs()).toBe('ann')
    clock.turn(10)
    await rows.revokeSessions({ userId: 'ann', now: clock.read() })
    for (let request = 1; request <= 3; request++) {
      gated.reads = 0
      expect([await whoIs(), gated.reads]).toEqual([null, 1])
    }
  })

  test('X03 a store that fails is an error and is not kept', async () => {
    const { whoIs, gated } = await openGated()
    const fail = () => Promise.reject(new Error('down'))
    gated.answer = fail
    await expect(whoIs()).rejects.toMatchObject({ kind: 'AdapterError' })
    gated.answer = undefined
    expect(await whoIs()).toBe('ann')
    gated.answer = fail
    expect(await whoIs()).toBe('ann')
  })

  test.each(['signOut', 'update'] as const)('does not keep a row that %s has overtaken', async (what) => {
    const { context, cookie, clock, gated } = await openGated()
    const writer = context(cookie, { method: 'POST' }).ctx
    await writer.session()
    clock.turn(10)
    let release = () => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    gated.answer = async (read) => {
      gated.answer = undefined
      const found = await read()
      await gate
      return found
    }
    const reading = context(cookie).ctx.session()
    if (what === 'signOut') await writer.signOut()
    else await writer.update({ org: 'acme' } as never) // the scene's types know no claims
    release()
    expect((await reading)?.claims).toEqual({})
    const after = await context(cookie).ctx.session()
    expect(after?.claims).toEqual(what === 'signOut' ? undefined : { org: 'acme' })
  })

  test('keeps no more rows than it may', async () => {
    const { auth, whoIs, reads, context } = await openCached({
      session: { strategy: 'database', rowCache: { maxAge: '10s', maxEntries: 1 } },
    })
    const bob = createBrowser(auth)
    await bob.signIn('bob@example.com')
    const bobsCookie = bob.cookies.get(COOKIE) ?? ''
    for (let round = 1; round <= 3; round++) {
      expect(await whoIs()).toBe('ann')
      expect(await whoIs()).toBe('ann')
      expect((await context(bobsCookie).ctx.session())?.user.id).toBe('bob')
      expect(reads()).toBe(2 * round)
    }
  })

  test('S8 what a callback or a procedure writes into what it was given is not there for the next request', async () => {
    const seen: unknown[] = []
    const { context, cookie, store } = await openCached({
      callbacks: {
        session: ({ session, user }) => {
          const { name, emailVerified } = user as Record<string, unknown> // the row, with its own columns
          if (!(emailVerified instanceof Date)) return session
          seen.push({ name, verified: emailVerified.getTime() })
          Object.assign(user, { name: 'Mallory' })
          emailVerified.setTime(0)
          return session
        },
      },
    })
    await store.updateUser({ id: 'ann', emailVerified: new Date(1_000) })
    for (let request = 0; request < 3; request++) {
      const { ctx } = context(cookie)
      await ctx.clientSession()
      const session = await ctx.session()
      expect(session?.expires.getTime()).toBeGreaterThan(0)
      expect(() => session?.expires.setTime(0)).toThrow('read-only')
    }
    expect(seen).toEqual(Array.from({ length: 3 }, () => ({ name: 'ann', verified: 1_000 })))
  })
})

type Read = () => ReturnType<SessionAdapter['getSessionAndUser']>

/** A scene whose reads of rows a test may answer in the store's place. */
async function openGated() {
  const rows = memoryAdapter()
  const gated: { reads: number; answer: ((read: Read) => ReturnType<Read>) | undefined } = {
    reads: 0,
    answer: undefined,
  }
  const getSessionAndUser: SessionAdapter['getSessionAndUser'] = (token) => {
    gated.reads++
    const read = () => rows.getSessionAndUser(token)
    return gated.answer ? gated.answer(read) : read()
  }
  const adapter: SessionAdapter = { ...rows, getSessionAndUser }
  const org = z.object({ org: z.string() })
  return { ...(await openCached({ adapter, claims: { org: z.string() }, update: org })), rows, gated }
}
