import { describe, expect, test } from 'vitest'
import { COOKIE, makeAuth, openLog, ORIGIN, PASSWORD, passwordProvider } from '../support/auth.ts'
import { createBrowser, readJson, readKind } from '../support/browser.ts'
import { HOMES, openHome } from '../support/strategies.ts'

/** What stands for a person must be theirs alone: `sub` is the id as text (D1). */
const IDS: readonly { readonly what: string; readonly id: unknown; readonly sub: string | null }[] = [
  { what: 'a string', id: 'ann', sub: 'ann' },
  { what: 'a number', id: 7, sub: '7' },
  { what: 'zero', id: 0, sub: '0' },
  { what: 'a bigint', id: 9_007_199_254_740_993n, sub: '9007199254740993' },
  { what: 'an object that writes itself, as ObjectId does', id: { toString: () => '65f0c0ffee' }, sub: '65f0c0ffee' },
  { what: '__proto__', id: '__proto__', sub: '__proto__' },
  { what: 'undefined', id: undefined, sub: null },
  { what: 'null', id: null, sub: null },
  { what: 'an empty string', id: '', sub: null },
  { what: 'an empty list', id: [], sub: null },
  { what: 'not a number', id: Number.NaN, sub: null },
  { what: 'any other object', id: { value: 'ann' }, sub: null },
]

describe('O6 D1 an id', () => {
  test.each(IDS)('$what, from authorize: $sub', async ({ id, sub }) => {
    const provider = passwordProvider(() => ({ id }))
    const browser = createBrowser(makeAuth({ providers: [provider] }))
    const response = await browser.signIn()
    if (sub === null) expect(await readKind(response)).toBe('CallbackRouteError')
    expect((await browser.session())?.user.id).toBe(sub ?? undefined)
  })

  test.each(IDS)('$what, from resolveUser: $sub', async ({ id, sub }) => {
    const browser = createBrowser(makeAuth({ callbacks: { resolveUser: () => ({ id: id as string }) } }))
    const response = await browser.signIn()
    if (sub === null) expect(await readKind(response)).toBe('CallbackRouteError')
    expect((await browser.session())?.user.id).toBe(sub ?? undefined)
  })

  test.each([undefined, null, 'ann', true, [], () => {}])(
    '%j for a user, from resolveUser, is nobody',
    async (user) => {
      const browser = createBrowser(makeAuth({ callbacks: { resolveUser: () => user as never } }))
      expect(await readKind(await browser.signIn())).toBe('CallbackRouteError')
      expect(browser.cookies.size).toBe(0)
    },
  )
})

describe('P01 a name that exists and one that does not', () => {
  test('are answered alike: status, body, headers', async () => {
    const known = new Set(['ann@example.com'])
    const provider = passwordProvider(({ email, password }) =>
      known.has(email) && password === PASSWORD ? { id: 'ann' } : null,
    )
    const browser = createBrowser(makeAuth({ providers: [provider] }))
    const answers = await Promise.all(
      ['ann@example.com', 'nobody@example.com'].map(async (email) => {
        const response = await browser.signIn(email, 'wrong')
        return { status: response.status, headers: [...response.headers], body: await response.text() }
      }),
    )
    expect(answers[0]?.status).toBe(401)
    expect(answers[1]).toEqual(answers[0])
  })
})

describe.each(HOMES)('C4 C5 S13 what is kept and what is logged; $home', (home) => {
  /** Signs in in every way, refreshes, updates, fails, signs out; returns every secret that was sent or given. */
  async function useEverything() {
    const written: unknown[] = []
    const { logger, lines } = openLog()
    const base = openHome(home)
    const adapter = new Proxy(base.adapter, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...args: unknown[]): unknown => {
          written.push(args)
          return method.apply(target, args)
        }
      },
    })
    let fails = false
    const provider = passwordProvider(({ email, password }) => {
      if (fails) throw new Error('the directory does not answer')
      return password === 'the right password' ? { id: 'ann', email } : null
    })
    const auth = makeAuth({
      ...(home.store && { adapter }),
      session: { strategy: home.strategy },
      tokens: { enabled: true },
      providers: [provider],
      logger,
      clock: base.clock.read,
    })
    const browser = createBrowser(auth)
    await browser.signIn('ann@example.com', 'the right password')
    const secrets = ['the right password', 'a wrong password', ...browser.cookies.values()]
    const pair = await readJson<{ accessToken: string; refreshToken: string }>(
      await browser.signIn('ann@example.com', 'the right password', { flow: 'token' }),
    )
    const fresh = await readJson<{ accessToken: string; refreshToken: string }>(
      await browser.post('/auth/token', { refreshToken: pair.refreshToken }),
    )
    secrets.push(pair.accessToken, pair.refreshToken, fresh.accessToken, fresh.refreshToken)
    const cookie = `${COOKIE}=${browser.cookies.get(COOKIE)}`
    const source = { method: 'POST', header: (name: string) => ({ cookie, origin: ORIGIN })[name] ?? null }
    const response = { writability: () => 'writable' as const, setCookie: () => {}, noStore: () => {} }
    const { ticket } = await auth.createContext({ ...source, response }).ticket()
    secrets.push(ticket)
    base.clock.turn(400)
    await browser.session()
    secrets.push(...browser.cookies.values())
    await browser.signIn('ann@example.com', 'a wrong password')
    await browser.post('/auth/token', { refreshToken: pair.refreshToken })
    fails = true
    await browser.signIn('ann@example.com', 'the right password')
    const listed = home.store ? await auth.createContext({ ...source, response }).sessions.list() : []
    await browser.signOut({ refreshToken: fresh.refreshToken })
    return { secrets: [...new Set(secrets)].filter((secret) => secret !== ''), written, lines, listed }
  }

  const show = (value: unknown) =>
    JSON.stringify(value, (_, member: unknown) =>
      member instanceof Error ? [member.message, member.stack, member.cause] : member,
    )

  test('the store never sees anything that authenticates', async () => {
    const { secrets, written } = await useEverything()
    expect(secrets.length).toBeGreaterThanOrEqual(8)
    if (home.store) expect(written.length).toBeGreaterThan(10)
    const text = show(written)
    for (const secret of secrets) expect(text).not.toContain(secret)
  })

  test('the log names none either, though there is something to log', async () => {
    const { secrets, lines } = await useEverything()
    expect(lines.length).toBeGreaterThan(0)
    const text = show(lines)
    for (const secret of secrets) expect(text).not.toContain(secret)
  })

  test('C4 the list of sessions holds no key of any: public ids, and nothing that hashes to a row', async () => {
    const { secrets, listed } = await useEverything()
    // The token pair's session ended when its old refresh token came back.
    expect(listed).toHaveLength(home.store ? 1 : 0)
    const fields = ['createdAt', 'current', 'device', 'expires', 'id', 'ip', 'lastSeenAt']
    for (const session of listed) expect(Object.keys(session).toSorted()).toEqual(fields)
    for (const secret of secrets) expect(show(listed)).not.toContain(secret)
  })
})

test('O12 where the app is, is never taken from a request', async () => {
  const auth = makeAuth({ callbacks: { signIn: () => '/welcome' } })
  const headers = {
    host: 'evil.test',
    'x-forwarded-host': 'evil.test',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.test;proto=https',
    'content-type': 'application/json',
  }
  const body = JSON.stringify({ email: 'ann@example.com', password: PASSWORD })
  const response = await auth.handler(
    new Request('https://evil.test/auth/signin/credentials', { method: 'POST', headers, body }),
  )
  expect(await response.json()).toEqual({ status: 'redirect', url: `${ORIGIN}/welcome` })
})
