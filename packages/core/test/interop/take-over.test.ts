import { describe, expect, test } from 'vitest'
import { COOKIE, ORIGIN } from '../support/auth.ts'
import { LIBRARIES } from '../support/old-app.ts'
import { openTakingOver, RENEWAL } from '../support/take-over.ts'

const ANN = { sub: 'ann', name: 'Ann', email: 'ann@example.com', picture: 'https://img.test/ann.png' }

describe.each(LIBRARIES)('C3 a session of %s is taken over at first sight', (from) => {
  test("written as ours: it has a row, the cookie is ours, and the old app's is cleared", async () => {
    const { old, visit, rows } = await openTakingOver(from, 'ours')
    const browser = visit({ [old.name]: old.signIn(ANN) })
    expect((await browser.session())?.user).toEqual({
      id: 'ann',
      name: 'Ann',
      email: 'ann@example.com',
      image: 'https://img.test/ann.png',
    })
    expect([...browser.cookies.keys()]).toEqual([COOKIE])
    expect(await rows()).toMatchObject([{ userId: 'ann', revokedAt: null }])
    browser.setCookies.length = 0
    expect((await browser.session())?.user.id).toBe('ann')
    expect(browser.setCookies).toEqual([])
  })

  test('written as theirs: it has a row, and both apps open its cookie', async () => {
    const { old, visit, rows } = await openTakingOver(from, 'theirs')
    const before = old.signIn({ ...ANN, plan: 'pro' })
    const browser = visit({ [old.name]: before })
    expect((await browser.session())?.user.id).toBe('ann')
    expect([...browser.cookies.keys()]).toEqual([old.name])
    const after = browser.cookies.get(old.name) ?? ''
    expect(after).not.toBe(before)
    expect(await old.open(after)).toMatchObject({ ...ANN, plan: 'pro' })
    expect(await rows()).toHaveLength(1)
  })

  test.each(['theirs', 'ours'] as const)('written as %s: its claims reach the jwt callback, once', async (write) => {
    const seen: unknown[] = []
    const { old, visit } = await openTakingOver(from, write, {
      callbacks: {
        jwt: ({ token, trigger, stored }) => {
          seen.push({ trigger, plan: token['plan'], stored: stored?.['email'], name: token.name })
          return { ...token, org: `org of ${String(token['plan'])}` }
        },
      },
    })
    const browser = visit({ [old.name]: old.signIn({ ...ANN, plan: 'pro' }) })
    expect((await browser.session())?.claims).toEqual({ org: 'org of pro' })
    expect((await browser.session())?.claims).toEqual({ org: 'org of pro' })
    expect(seen).toEqual([{ trigger: 'update', plan: 'pro', stored: 'ann@example.com', name: 'Ann' }])
  })

  test.each(['theirs', 'ours'] as const)(
    'written as %s: also one that lacks `iat` and `jti`, as one session',
    async (write) => {
      const { clock, old, visit, rows } = await openTakingOver(from, write)
      const cookie = { [old.name]: old.seal({ ...ANN, exp: clock.seconds() + 3_600 }) }
      for (const _ of [1, 2]) {
        expect((await visit(cookie).session())?.user.id).toBe('ann')
        clock.turn(RENEWAL)
      }
      expect(await rows()).toHaveLength(1)
      const browser = visit(cookie)
      await browser.signOut()
      expect(await visit(cookie).session()).toBeNull()
    },
  )

  test('code that only asks sees it and writes nothing', async () => {
    const { auth, old, rows } = await openTakingOver(from, 'ours')
    const headers = { cookie: `${old.name}=${old.signIn(ANN)}` }
    expect((await auth.getSession(new Request(ORIGIN, { headers })))?.user.id).toBe('ann')
    expect(await rows()).toEqual([])
  })

  test('by twenty requests at the same time in two instances: one row', async () => {
    const { auth, old, open, visit, rows } = await openTakingOver(from, 'ours')
    const instances = [auth, open()]
    const cookie = { [old.name]: old.signIn(ANN) }
    const sessions = await Promise.all(
      Array.from({ length: 20 }, (_, index) => visit(cookie, instances[index % 2]).session()),
    )
    expect(new Set(sessions.map((session) => session?.user.id))).toEqual(new Set(['ann']))
    expect(await rows()).toHaveLength(1)
  })

  test('without an adapter too', async () => {
    const { clock, old, visit } = await openTakingOver(from, 'ours', { adapter: undefined })
    const browser = visit({ [old.name]: old.signIn(ANN) })
    expect((await browser.session())?.user.id).toBe('ann')
    expect([...browser.cookies.keys()]).toEqual([COOKIE])
    clock.turn(RENEWAL)
    expect((await browser.session())?.user.id).toBe('ann')
  })

  test('and is never fresh: when the person signed in is not known', async () => {
    const { auth, old, visit } = await openTakingOver(from, 'ours')
    const browser = visit({ [old.name]: old.signIn(ANN) })
    await browser.session()
    const headers = { cookie: `${COOKIE}=${browser.cookies.get(COOKIE)}` }
    expect(await auth.getSession(new Request(ORIGIN, { headers }))).toMatchObject({ authTime: null, amr: [] })
  })
})

describe.each(LIBRARIES)('C3 while %s and this app serve the same browsers', (from) => {
  test('nobody is signed out by either, whoever answers next, and it stays one session with its time of sign-in', async () => {
    const { auth, clock, old, open, visit, rows } = await openTakingOver(from, 'theirs')
    const instances = [auth, open()]
    const there = visit({ [old.name]: old.signIn(ANN) })
    const here = visit()
    await here.signIn('bob@example.com')
    const random = seeded(7)
    const ids = new Set<string>()
    for (let step = 0; step < 200; step++) {
      clock.turn(Math.floor(random() * 900))
      for (const [browser, id] of [
        [there, 'ann'],
        [here, 'bob'],
      ] as const) {
        if (random() < 0.5) {
          browser.cookies.set(old.name, await old.renew(browser.cookies.get(old.name) ?? ''))
          continue
        }
        const visitor = visit(Object.fromEntries(browser.cookies), instances[Math.floor(random() * 2)])
        expect((await visitor.session())?.user.id).toBe(id)
        browser.cookies.set(old.name, visitor.cookies.get(old.name) ?? '')
        const headers = { cookie: `${old.name}=${browser.cookies.get(old.name)}` }
        const session = await auth.getSession(new Request(ORIGIN, { headers }))
        ids.add(`${session?.user.id} ${session?.sessionId} ${session?.authTime !== null}`)
      }
    }
    expect([...ids].map((text) => text.replace(/ .* /, ' '))).toEqual(expect.arrayContaining(['ann false', 'bob true']))
    // Ann's began anew each time that the old app wrote it before this one had seen it: that is once.
    expect(ids.size).toBe(2)
    expect(await rows('ann')).toHaveLength(1)
    expect(await rows('bob')).toHaveLength(1)
  })

  test('after the way back the old app knows who signed in here, with what the jwt callback put in', async () => {
    const { old, visit } = await openTakingOver(from, 'theirs', {
      callbacks: { jwt: ({ token, user }) => (user ? { ...token, role: 'admin' } : token) },
    })
    const browser = visit()
    expect((await browser.signIn()).status).toBe(200)
    const claims = await old.open(browser.cookies.get(old.name) ?? '')
    expect(claims).toMatchObject({ sub: 'ann', name: 'ann', email: 'ann@example.com', role: 'admin' })
    // What is ours is in one claim that the old app can't read.
    for (const claim of ['sessionId', 'authTime', 'amr', 'adoptedAt']) expect(claims).not.toHaveProperty(claim)
  })

  test('then ours alone: sessions of both kinds move, and those that began here keep their time of sign-in', async () => {
    const { auth, open, old, visit, rows } = await openTakingOver(from, 'theirs')
    const browser = visit()
    await browser.signIn()
    const read = (instance: typeof auth) =>
      instance.getSession(
        new Request(ORIGIN, { headers: { cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; ') } }),
      )
    const before = await read(auth)
    const later = open({ cookies: { takeOver: { from, write: 'ours' } } })
    const visitor = visit({ [old.name]: await old.renew(browser.cookies.get(old.name) ?? '') }, later)
    expect((await visitor.session())?.user.id).toBe('ann')
    expect([...visitor.cookies.keys()]).toEqual([COOKIE])
    browser.cookies.clear()
    for (const [name, value] of visitor.cookies) browser.cookies.set(name, value)
    expect(await read(later)).toMatchObject({ sessionId: before?.sessionId, authTime: before?.authTime })
    expect(await rows()).toHaveLength(1)
    // The last step: the option is taken out.
    expect((await visit(Object.fromEntries(browser.cookies), open({ cookies: {} })).session())?.user.id).toBe('ann')
  })
})

describe.each(LIBRARIES)('S03 a sign-out here is not undone by a cookie of %s', (from) => {
  test.each(['theirs', 'ours'] as const)(
    'written as %s: the cookie is cleared, and every copy is dead',
    async (write) => {
      const { clock, old, open, visit } = await openTakingOver(from, write)
      const first = old.signIn(ANN)
      const browser = visit({ [old.name]: first })
      await browser.session()
      const second = Object.fromEntries(browser.cookies)
      expect((await browser.signOut()).status).toBe(200)
      expect([...browser.cookies.keys()]).toEqual([])
      for (const turned of [0, RENEWAL, 86_400]) {
        clock.turn(turned)
        for (const copy of [{ [old.name]: first }, second]) {
          expect(await visit(copy).session()).toBeNull()
          if (turned > 0) expect(await visit(copy, open()).session()).toBeNull()
        }
      }
    },
  )

  test('before it was taken over: the mark refuses it in every instance', async () => {
    const { old, open, visit, rows } = await openTakingOver(from, 'ours')
    const cookie = { [old.name]: old.signIn(ANN) }
    await visit(cookie).signOut()
    expect(await visit(cookie).session()).toBeNull()
    expect(await visit(cookie, open()).session()).toBeNull()
    expect(await rows()).toEqual([])
  })

  test('though the old app goes on writing its cookie anew: its row is asked, however young the token says it is', async () => {
    const { clock, old, open, visit } = await openTakingOver(from, 'theirs')
    const browser = visit({ [old.name]: old.signIn(ANN) })
    await browser.session()
    let copy = browser.cookies.get(old.name) ?? ''
    await browser.signOut({ everywhere: true })
    for (let turn = 0; turn < 20; turn++) {
      clock.turn(60)
      copy = await old.renew(copy)
      expect(await visit({ [old.name]: copy }).session()).toBeNull()
      // The memory of this one began after the sign-out: it has the row alone.
      if (turn >= 5) expect(await visit({ [old.name]: copy }, open()).session()).toBeNull()
    }
  })

  test('with both cookies in the browser: ours decides, and both are cleared', async () => {
    const { old, visit } = await openTakingOver(from, 'ours')
    const browser = visit()
    await browser.signIn('bob@example.com')
    browser.cookies.set(old.name, old.signIn(ANN))
    expect((await browser.session())?.user.id).toBe('bob')
    const ours = browser.cookies.get(COOKIE) ?? ''
    await browser.signOut()
    expect([...browser.cookies.keys()]).toEqual([])
    // Ours doesn't count any more; it still keeps the other one from being looked at.
    expect(await visit({ [COOKIE]: ours, [old.name]: old.signIn(ANN) }).session()).toBeNull()
  })

  test('a new sign-in ends the session that is taken over, and clears its cookie', async () => {
    const { old, visit } = await openTakingOver(from, 'ours')
    const first = old.signIn(ANN)
    const browser = visit({ [old.name]: first })
    await browser.signIn('bob@example.com')
    expect([...browser.cookies.keys()]).toEqual([COOKIE])
    expect((await browser.session())?.user.id).toBe('bob')
    expect(await visit({ [old.name]: first }).session()).toBeNull()
  })

  test('a user who was deleted does not come back', async () => {
    const { adapter, old, visit } = await openTakingOver(from, 'ours')
    await adapter.deleteUser('ann')
    expect(await visit({ [old.name]: old.signIn(ANN) }).session()).toBeNull()
    expect(await adapter.getUser('ann')).toBeNull()
  })
})

/** Repeatable numbers from 0 to 1. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
