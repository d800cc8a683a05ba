import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { AuthContext, SessionAdapter } from '../../src/index.ts'
import { COOKIE, openLog, ORIGIN } from '../support/auth.ts'
import { HOMES, type Home, openHome } from '../support/strategies.ts'

const WRITES = ['createSession', 'slideSession', 'writeSessionClaims', 'revokeSession', 'revokeSessions', 'updateUser']
const DAY = 86_400

/** Ann, signed in a day ago: her session is due to be extended. What is written into the store is noted. */
async function openDue(home: Home) {
  const written: string[] = []
  const { adapter: store, clock } = openHome(home)
  const noted = Object.entries(store).map(([name, method]) => [
    name,
    (...args: unknown[]) => {
      if (WRITES.includes(name)) written.push(name)
      return Reflect.apply(method, store, args)
    },
  ])
  const { logger, lines } = openLog()
  const { auth, browser } = openHome(home, {
    ...(home.store && { adapter: Object.fromEntries(noted) as SessionAdapter }),
    clock: clock.read,
    logger,
    claims: { org: z.string() },
    update: z.object({ org: z.string() }),
  })
  await browser.signIn()
  clock.turn(DAY)
  written.length = 0
  /** What a server component would get, whose `setCookie` is this. */
  const context = (setCookie: (name: string, header: string) => void): AuthContext =>
    auth.createContext({
      method: undefined,
      header: (name) => ({ cookie: `${COOKIE}=${browser.cookies.get(COOKIE)}`, origin: ORIGIN })[name],
      response: { writability: () => 'writable', setCookie, noStore: () => {} },
    })
  return { context, written, lines, store, clock }
}

const cause = new Error('Cookies can only be modified in a Server Action or Route Handler.')
const refuse = () => {
  throw cause
}

describe.each(HOMES)('M38 a setCookie that throws; $home', (home) => {
  test('one that does not throw gets the cookie, and the store is written after it', async () => {
    const { context, written } = await openDue(home)
    const order: string[] = []
    const ctx = context((name) => void order.push(name, ...written))
    expect((await ctx.session())?.user.id).toBe('ann')
    expect(order).toEqual([COOKIE])
    expect(written).toEqual(home.store ? ['slideSession'] : [])
  })

  test('while something is read: the session is known, and the store is not touched', async () => {
    const { context, written, lines } = await openDue(home)
    const ctx = context(refuse)
    const session = await ctx.requireSession()
    expect(session.user.id).toBe('ann')
    // It ends when it would have ended: it wasn't extended.
    expect(session.expires.toISOString()).toBe('2026-01-31T12:00:00.000Z')
    expect(await ctx.clientSession()).toMatchObject({ user: { id: 'ann' } })
    expect(written).toEqual([])
    expect(lines).toEqual([])
  })

  test('while somebody signs in: ResponseCommitted with the cause, and no session is left behind', async () => {
    const { context, store, clock } = await openDue(home)
    const before = await store.listSessions({ userId: 'bob', now: clock.read() })
    const signIn = context(refuse).signIn({ provider: 'credentials', email: 'bob@example.com', password: 'right' })
    await expect(signIn).rejects.toMatchObject({ kind: 'ResponseCommitted', cause })
    expect(await store.listSessions({ userId: 'bob', now: clock.read() })).toEqual(before)
  })

  test('while somebody signs out or updates a jwt session: ResponseCommitted with the cause', async () => {
    const { context } = await openDue(home)
    if (home.strategy === 'jwt') {
      const update = context(refuse).update({ org: 'acme' } as never)
      await expect(update).rejects.toMatchObject({ kind: 'ResponseCommitted', cause })
    }
    await expect(context(refuse).signOut()).rejects.toMatchObject({ kind: 'ResponseCommitted', cause })
  })
})
