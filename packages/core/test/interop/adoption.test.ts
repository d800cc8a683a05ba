import { encode } from '@auth/core/jwt'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type CompleteAdapter, memoryAdapter } from '../../src/index.ts'
import { makeAuth, openClock, openLog, ORIGIN, SECRET } from '../support/auth.ts'
import { createBrowser, readKind } from '../support/browser.ts'

const NAME = 'authjs.session-token'
const RENEWAL = 301
const DAY = 86_400

/** An app with a store, where Ann has an account and a cookie that Auth.js gave her. */
async function openApp(wrap: (adapter: CompleteAdapter) => CompleteAdapter = (adapter) => adapter) {
  const adapter = memoryAdapter()
  await adapter.createUser({ id: 'ann', name: 'Ann', email: 'ann@example.com' })
  const clock = openClock(new Date())
  const open = () =>
    makeAuth({
      adapter: wrap(adapter),
      cookies: { session: { name: NAME } },
      claims: { org: z.string() },
      update: z.object({ org: z.string() }),
      session: { strategy: 'jwt' },
      clock: clock.read,
    })
  const auth = open()
  const cookie = await encode({ token: { sub: 'ann', name: 'Ann' }, secret: SECRET, salt: NAME })
  const visit = (instance = auth, value = cookie) => {
    const browser = createBrowser(instance)
    browser.cookies.set(NAME, value)
    return browser
  }
  const rows = () => adapter.listSessions({ userId: 'ann', now: clock.read() })
  return { adapter, clock, auth, open, cookie, visit, rows }
}

const sessionOf = (auth: ReturnType<typeof makeAuth>, cookie: string) =>
  auth.getSession(new Request(ORIGIN, { headers: { cookie: `${NAME}=${cookie}` } }))

describe("C3 another library's session is adopted", () => {
  test('at its first renewal: a row is made, and the cookie is ours', async () => {
    const { auth, clock, cookie, visit, rows } = await openApp()
    const browser = visit()
    const id = (await sessionOf(auth, cookie))?.sessionId
    expect((await browser.session())?.user.id).toBe('ann')
    expect(await rows()).toEqual([])

    clock.turn(RENEWAL)
    expect((await browser.session())?.user.id).toBe('ann')
    expect(await rows()).toMatchObject([{ id, userId: 'ann', revokedAt: null }])
    const adopted = browser.cookies.get(NAME) ?? ''
    expect(adopted).not.toBe(cookie)
    expect(await sessionOf(auth, adopted)).toMatchObject({ sessionId: id, authTime: null })

    clock.turn(RENEWAL)
    expect((await browser.session())?.user.id).toBe('ann')
    expect(await rows()).toHaveLength(1)
  })

  test('also where that app keeps a claim of its own called sessionId, which is none of ours', async () => {
    const { auth, clock, visit, rows } = await openApp()
    const token = { sub: 'ann', name: 'Ann', sessionId: 'an analytics id' }
    const cookie = await encode({ token, secret: SECRET, salt: NAME })
    const browser = visit(auth, cookie)
    clock.turn(RENEWAL)
    expect((await browser.session())?.user.id).toBe('ann')
    const [row] = await rows()
    expect(row).toMatchObject({ userId: 'ann', revokedAt: null })
    expect(row?.id).not.toBe('an analytics id')
    clock.turn(RENEWAL)
    expect((await browser.session())?.user.id).toBe('ann')
  })

  test('not by code that only asks: nothing is written where no cookie can be set', async () => {
    const { auth, clock, cookie, rows } = await openApp()
    clock.turn(RENEWAL)
    expect((await sessionOf(auth, cookie))?.user.id).toBe('ann')
    expect(await rows()).toEqual([])
  })

  test('by updateSession', async () => {
    const { visit, rows } = await openApp()
    const browser = visit()
    expect((await browser.post('/auth/session', { org: 'acme' })).status).toBe(200)
    expect((await browser.session())?.claims).toEqual({ org: 'acme' })
    expect(await rows()).toHaveLength(1)
  })

  test('once, however many requests bring it at the same time', async () => {
    const { clock, open, visit, rows } = await openApp()
    clock.turn(RENEWAL)
    const instances = [open(), open()]
    const sessions = await Promise.all(Array.from({ length: 20 }, (_, index) => visit(instances[index % 2]).session()))
    expect(new Set(sessions.map((session) => session?.user.id))).toEqual(new Set(['ann']))
    expect(await rows()).toHaveLength(1)
  })

  test('and its life counts from when Auth.js issued it, not from the adoption', async () => {
    const { clock, visit } = await openApp()
    const browser = visit()
    for (let day = 0; day < 89; day++) {
      clock.turn(DAY)
      expect((await browser.session())?.user.id).toBe('ann')
    }
    clock.turn(DAY)
    expect(await browser.session()).toBeNull()
  })

  test('with both names: its old cookie is the same session, and ends with it', async () => {
    const { clock, cookie, visit, rows } = await openApp()
    const browser = visit()
    clock.turn(RENEWAL)
    await browser.session()
    const copy = visit(undefined, cookie)
    expect((await copy.session())?.user.id).toBe('ann')
    expect(await rows()).toHaveLength(1)
    await browser.signOut()
    expect(await visit(undefined, cookie).session()).toBeNull()
    expect(await copy.session()).toBeNull()
  })
})

describe('C3 S03 a foreign session that ended stays ended', () => {
  test('signed out before it had a row: a copy is not adopted, here or in another instance, now or later', async () => {
    const { auth, clock, cookie, open, visit, rows } = await openApp()
    const other = open()
    expect((await visit(other).session())?.user.id).toBe('ann')
    await visit().signOut()
    for (const turned of [0, RENEWAL, DAY]) {
      clock.turn(turned)
      expect(await visit(auth, cookie).session()).toBeNull()
      if (turned > 0) expect(await visit(other, cookie).session()).toBeNull()
    }
    expect(await rows()).toEqual([])
  })

  test('signed out after the adoption', async () => {
    const { clock, cookie, open, visit } = await openApp()
    const browser = visit()
    clock.turn(RENEWAL)
    await browser.session()
    await browser.signOut()
    expect(await visit(undefined, cookie).session()).toBeNull()
    expect(await visit(open(), cookie).session()).toBeNull()
  })

  test('its user was deleted: an old cookie does not bring them back', async () => {
    const { adapter, clock, cookie, visit, rows } = await openApp()
    await adapter.deleteUser('ann')
    clock.turn(RENEWAL)
    expect(await visit(undefined, cookie).session()).toBeNull()
    expect(await adapter.getUser('ann')).toBeNull()
    expect(await rows()).toEqual([])
  })

  test('its user was deleted after the adoption', async () => {
    const { adapter, clock, cookie, visit } = await openApp()
    const browser = visit()
    clock.turn(RENEWAL)
    await browser.session()
    await adapter.deleteUser('ann')
    clock.turn(RENEWAL)
    expect(await browser.session()).toBeNull()
    expect(await visit(undefined, cookie).session()).toBeNull()
  })

  test('everywhere: those that are adopted and the one that asks, though it is not', async () => {
    const { clock, cookie, open, visit, rows } = await openApp()
    const phone = visit(undefined, await encode({ token: { sub: 'ann' }, secret: SECRET, salt: NAME }))
    clock.turn(RENEWAL)
    await phone.session()
    expect(await rows()).toHaveLength(1)
    const fresh = await encode({ token: { sub: 'ann' }, secret: SECRET, salt: NAME })
    await visit(undefined, fresh).signOut({ everywhere: true })
    expect(await phone.session()).toBeNull()
    clock.turn(RENEWAL)
    expect(await visit(open(), fresh).session()).toBeNull()
    expect(await rows()).toEqual([])
    expect(cookie).not.toBe(fresh)
  })

  test.each(['revokeSession', 'getUser', 'createSession'] as const)(
    'however it races: an adoption that runs before the sign-out asks for %s leaves no live session',
    async (moment) => {
      let adopt: (() => Promise<unknown>) | null = null
      const { cookie, open, visit, clock, rows } = await openApp((adapter) => ({
        ...adapter,
        [moment]: async (...args: unknown[]) => {
          const run = adopt
          adopt = null
          await run?.()
          return Reflect.apply(adapter[moment], adapter, args) as unknown
        },
      }))
      const other = open()
      // Still young for the one that signs out, so that it does not renew; old enough for the one that adopts.
      const adopter = visit(other)
      const leaver = visit()
      clock.turn(RENEWAL - 30)
      await leaver.session()
      expect(await rows()).toEqual([])
      adopt = async () => {
        clock.turn(30)
        expect((await adopter.session())?.user.id).toBe('ann')
      }
      expect((await leaver.signOut()).status).toBe(200)
      expect(adopt).toBeNull()
      clock.turn(RENEWAL)
      expect(await adopter.session()).toBeNull()
      expect(await visit(open(), cookie).session()).toBeNull()
      expect(await rows()).toEqual([])
    },
  )
})

describe('M06 an adopted session whose row is gone', () => {
  test('lives as long as its row', async () => {
    const { clock, visit } = await openApp()
    const browser = visit()
    clock.turn(RENEWAL)
    await browser.session()
    expect((await browser.post('/auth/session', { org: 'acme' })).status).toBe(200)
    expect((await browser.session())?.claims).toEqual({ org: 'acme' })
  })

  test('is not brought back by updateSession', async () => {
    const { adapter, clock, visit, rows } = await openApp()
    const browser = visit()
    clock.turn(RENEWAL)
    await browser.session()
    // As an app would that deletes rows instead of revoking sessions.
    await adapter.revokeSessions({ userId: 'ann', now: clock.read() })
    await adapter.deleteExpired({ now: new Date('2999-01-01') })
    expect(await rows()).toEqual([])
    expect(await readKind(await browser.post('/auth/session', { org: 'acme' }))).toBe('SessionRevoked')
    expect(await rows()).toEqual([])
    clock.turn(RENEWAL)
    expect(await browser.session()).toBeNull()
  })
})

describe('M08 a cookie of Auth.js that is larger than what we write', () => {
  /** Ann's, with a provider's token in it, in the chunks that Auth.js makes. */
  async function openLarge(store = true) {
    const log = openLog()
    const adapter = memoryAdapter()
    await adapter.createUser({ id: 'ann', name: 'Ann', email: 'ann@example.com' })
    const clock = openClock(new Date())
    const auth = makeAuth({
      ...(store && { adapter }),
      cookies: { session: { name: NAME } },
      claims: { org: z.string() },
      update: z.object({ org: z.string() }),
      session: { strategy: 'jwt' },
      clock: clock.read,
      logger: log.logger,
    })
    const token = { sub: 'ann', name: 'Ann', accessToken: 'x'.repeat(9_000) }
    const value = await encode({ token, secret: SECRET, salt: NAME })
    expect(value.length).toBeGreaterThan(12_000)
    const visit = () => {
      const browser = createBrowser(auth)
      for (let at = 0; at < value.length; at += 3_936) {
        browser.cookies.set(`${NAME}.${at / 3_936}`, value.slice(at, at + 3_936))
      }
      return browser
    }
    const rows = () => adapter.listSessions({ userId: 'ann', now: clock.read() })
    return { clock, visit, rows, lines: log.lines }
  }

  test.each([true, false])('is read, and stays as it is when its renewal is due; with a store: %s', async (store) => {
    const { clock, visit, rows, lines } = await openLarge(store)
    const browser = visit()
    expect((await browser.session())?.user.id).toBe('ann')
    expect(lines).toEqual([])
    for (let time = 0; time < 3; time++) {
      clock.turn(RENEWAL)
      expect((await browser.session())?.user.id).toBe('ann')
    }
    expect(browser.setCookies).toEqual([])
    expect(lines.map(({ message }) => message)).toEqual([expect.stringMatching(/does not fit into two cookies/)])
    // It has a row all the same, so that it can be listed and ended.
    expect(await rows()).toHaveLength(store ? 1 : 0)
    clock.turn(30 * DAY)
    expect(await browser.session()).toBeNull()
  })

  test('signing out clears every part, and a copy is dead', async () => {
    const { clock, visit } = await openLarge()
    const browser = visit()
    await browser.signOut()
    expect(browser.cookies.size).toBe(0)
    expect(await visit().session()).toBeNull()
    clock.turn(RENEWAL)
    expect(await visit().session()).toBeNull()
  })

  test('signing out everywhere ends it too, once it was adopted', async () => {
    const { clock, visit } = await openLarge()
    const phone = visit()
    clock.turn(RENEWAL)
    expect((await phone.session())?.user.id).toBe('ann')
    const browser = visit()
    await browser.signIn()
    await browser.signOut({ everywhere: true })
    expect(await phone.session()).toBeNull()
    clock.turn(RENEWAL)
    expect(await phone.session()).toBeNull()
  })

  test('updateSession says that it is too large', async () => {
    const { visit } = await openLarge()
    const browser = visit()
    expect(await readKind(await browser.post('/auth/session', { org: 'acme' }))).toBe('SessionTooLarge')
    expect((await browser.session())?.user.id).toBe('ann')
  })

  test('one of more than 16 KB is nobody', async () => {
    const { visit } = await openLarge()
    const browser = visit()
    for (const index of [0, 1, 2]) browser.cookies.set(`${NAME}.${index}`, 'A'.repeat(6_000))
    expect(await browser.session()).toBeNull()
  })
})
