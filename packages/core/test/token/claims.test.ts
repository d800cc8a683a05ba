import { describe, expect, test } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { COOKIE, makeAuth, openClock, ORIGIN, SECRET } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { DOORS, type Door, forge, headerFor, openHouse } from '../support/doors.ts'
import { deriveKey, seal } from '../support/forge.ts'

const YEAR = 365 * 86_400
const BEARER_DOORS = DOORS.filter(({ typ }) => typ !== undefined)
const cookieDoor = (() => {
  const found = DOORS.find(({ kind }) => kind === 'session cookie')
  if (!found) throw new Error('there is a door for cookies')
  return found
})()

describe.each(BEARER_DOORS)('J09 Q06 a $kind', (door) => {
  const OURS = { iss: ORIGIN, aud: ORIGIN }
  test.each([
    { claims: 'our own', change: OURS, answer: 'in as ann' },
    { claims: 'no issuer', change: { iss: undefined }, answer: 'InvalidToken' },
    { claims: 'another issuer', change: { iss: 'https://evil.test' }, answer: 'InvalidToken' },
    {
      claims: 'issuers as a list with ours in it (CVE-2025-30144)',
      change: { iss: [ORIGIN, 'https://evil.test'] },
      answer: 'InvalidToken',
    },
    { claims: 'our issuer as a list', change: { iss: [ORIGIN] }, answer: 'InvalidToken' },
    { claims: 'our issuer with a slash', change: { iss: `${ORIGIN}/` }, answer: 'InvalidToken' },
    { claims: 'no audience', change: { aud: undefined }, answer: 'InvalidToken' },
    { claims: 'another audience', change: { aud: 'https://evil.test' }, answer: 'InvalidToken' },
    {
      claims: 'audiences as a list with ours in it',
      change: { aud: ['https://evil.test', ORIGIN] },
      answer: 'InvalidToken',
    },
    { claims: 'our audience as a list', change: { aud: [ORIGIN] }, answer: 'InvalidToken' },
  ])('with $claims: $answer', async ({ change, answer }) => {
    const { auth, clock } = openHouse()
    const payload = { ...door.claims(clock.seconds()), ...change }
    expect(await door.knock(auth, forge(door, clock.seconds(), { payload }))).toBe(answer)
  })
})

describe('J09 what only a holder of the key could write', () => {
  test('duplicate sub in payload: the last one counts, as JSON.parse has it everywhere', async () => {
    const { auth, clock } = openHouse()
    const json = JSON.stringify(cookieDoor.claims(clock.seconds()))
    const token = forge(cookieDoor, clock.seconds(), { payload: json.replace('{', '{"sub":"mallory",') })
    expect(await cookieDoor.knock(auth, token)).toBe('in as ann')
  })

  test('__proto__ and constructor among the claims pollute nothing and grant nothing', async () => {
    const { auth, clock } = openHouse()
    const json = JSON.stringify(cookieDoor.claims(clock.seconds()))
    const more = '{"__proto__":{"roles":["admin"],"polluted":1},"constructor":{"prototype":{"polluted":1}},'
    const token = forge(cookieDoor, clock.seconds(), { payload: json.replace('{', more) })
    const session = await auth.getSession(withCookie(token))
    expect(session?.user.id).toBe('ann')
    expect(session?.roles).toEqual([])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('S05 J08 no token outlives its absolute lifetime, whatever its exp says', () => {
  test.each([
    { token: 'signed in just now', began: 0, exp: 30 * 86_400, answer: 'in as ann' },
    { token: 'good for 100 years', began: 0, exp: 100 * YEAR, answer: 'in as ann' },
    {
      token: 'good for 100 years, signed in 91 days ago',
      began: 91 * 86_400,
      exp: 100 * YEAR,
      answer: 'SessionExpired',
    },
    {
      token: 'good until the end of numbers, signed in 91 days ago',
      began: 91 * 86_400,
      exp: 1e300,
      answer: 'SessionExpired',
    },
  ])('$token: $answer', async ({ began, exp, answer }) => {
    const { auth, clock } = openHouse()
    const now = clock.seconds()
    const claims = { ...cookieDoor.claims(now), authTime: now - began, exp: now + exp }
    expect(await cookieDoor.knock(auth, forge(cookieDoor, now, { payload: claims }))).toBe(answer)
  })

  test('a session never says that it ends later than 90 days after sign-in', async () => {
    const { auth, clock } = openHouse()
    const now = clock.seconds()
    for (const exp of [100 * YEAR, 1e300]) {
      const claims = { ...cookieDoor.claims(now), exp: now + exp }
      const session = await auth.getSession(withCookie(forge(cookieDoor, now, { payload: claims })))
      expect(session?.expires).toEqual(new Date((now + 90 * 86_400) * 1_000))
    }
  })

  test("another library's token counts from its iat", async () => {
    const { auth, clock } = openHouse()
    const now = clock.seconds()
    const foreign = { ...cookieDoor.claims(now), sessionId: undefined, authTime: undefined, exp: now + 100 * YEAR }
    const old = { ...foreign, iat: now - 91 * 86_400 }
    expect(
      await cookieDoor.knock(auth, forge(cookieDoor, now, { payload: { ...foreign, iat: now - 89 * 86_400 } })),
    ).toBe('in as ann')
    expect(await cookieDoor.knock(auth, forge(cookieDoor, now, { payload: old }))).toBe('SessionExpired')
  })
})

describe('C3 J09 the sub of a user who is gone', () => {
  async function age(change: (adapter: ReturnType<typeof memoryAdapter>) => Promise<unknown>) {
    const adapter = memoryAdapter()
    const clock = openClock()
    const auth = makeAuth({ adapter, session: { strategy: 'jwt' }, clock: clock.read })
    const browser = createBrowser(auth)
    await browser.signIn()
    await change(adapter)
    clock.turn(5 * 60)
    return { auth, browser }
  }

  test('is accepted while the user is there', async () => {
    const { browser } = await age(() => Promise.resolve())
    expect((await browser.session())?.user.id).toBe('ann')
  })

  test('is refused after deleteUser and revalidateAge', async () => {
    const { auth, browser } = await age((adapter) => adapter.deleteUser('ann'))
    const stolen = browser.cookies.get(COOKIE) ?? ''
    expect(await cookieDoor.knock(auth, stolen)).toBe('SessionRevoked')
    expect(await browser.session()).toBeNull()
  })

  test('is refused where the row belongs to somebody else', async () => {
    const adapter = memoryAdapter()
    const clock = openClock()
    const auth = makeAuth({ adapter, session: { strategy: 'jwt' }, clock: clock.read })
    const browser = createBrowser(auth)
    await browser.signIn('bob@example.com')
    const session = await auth.getSession(withCookie(browser.cookies.get(COOKIE) ?? ''))
    const now = clock.seconds()
    const claims = { ...cookieDoor.claims(now), sub: 'ann', sessionId: session?.sessionId, iat: now - 600 }
    expect(await cookieDoor.knock(auth, forge(cookieDoor, now, { payload: claims }))).toBe('SessionRevoked')
  })
})

describe('Z05 roles patched into a token', () => {
  const withRoles = (door: Door, now: number) => ({ ...door.claims(now), roles: ['admin'], role: 'admin' })

  test('count where the key is right: who holds the key holds the app (documented)', async () => {
    const { auth, clock } = openHouse()
    const token = forge(cookieDoor, clock.seconds(), { payload: withRoles(cookieDoor, clock.seconds()) })
    expect((await auth.getSession(withCookie(token)))?.roles).toEqual(['admin'])
  })

  test('are worth nothing with any other key, or with the claims left in the clear', async () => {
    const { auth, clock } = openHouse()
    const now = clock.seconds()
    const payload = withRoles(cookieDoor, now)
    const key = deriveKey(SECRET, cookieDoor.salt)
    const good = forge(cookieDoor, now)
    const [head, , iv, , tag] = good.split('.')
    const forged = [
      forge(cookieDoor, now, { payload, secret: 'not the secret of this app, but long' }),
      forge(cookieDoor, now, { payload, key: Buffer.alloc(32), header: headerFor(cookieDoor, key) }),
      `${head}..${iv}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.${tag}`,
      seal({ key: Buffer.from(SECRET), payload, header: headerFor(cookieDoor, key) }),
    ]
    for (const token of forged) expect(await auth.getSession(withCookie(token))).toBeNull()
  })
})

function withCookie(token: string): Request {
  return new Request(ORIGIN, { headers: { cookie: `${COOKIE}=${token}` } })
}
