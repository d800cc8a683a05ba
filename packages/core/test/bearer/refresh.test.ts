import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { memoryAdapter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { makeAuth, openClock, openLog } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { createNative, expectTokens } from '../support/native.ts'

const MINUTE = 60
const DAY = 86_400
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

function open(overrides: Partial<AnyOptions> = {}) {
  const clock = openClock()
  const adapter = memoryAdapter()
  const reuses: unknown[] = []
  const auth = makeAuth({
    adapter,
    session: { strategy: 'jwt' },
    tokens: { enabled: true },
    clock: clock.read,
    events: { tokenReuse: (event) => void reuses.push(event) },
    ...overrides,
  })
  return { auth, adapter, clock, reuses, native: createNative(auth) }
}

describe.each(['jwt', 'database'] as const)('refreshing under the %s strategy', (strategy) => {
  const openHere = (overrides: Partial<AnyOptions> = {}) => open({ session: { strategy }, ...overrides })

  test('R1 a refresh runs the jwt callback with update and answers a new token response', async () => {
    const triggers: string[] = []
    const { native } = openHere({
      callbacks: {
        jwt: ({ token, trigger }) => {
          triggers.push(trigger)
          return token
        },
      },
    })
    const first = await native.signIn()
    const second = expectTokens(await native.refresh(first.refreshToken))
    expect(triggers).toEqual(['signIn', 'update'])
    expect(second.accessToken).not.toBe(first.accessToken)
    expect(second.refreshToken).not.toBe(first.refreshToken)
    expect(await native.whoAmI(second.accessToken)).toBe('ann')
  })

  test('R3 T2 the session id is a UUID v4, is not the user, and stays through every refresh', async () => {
    const { native } = openHere()
    const first = await native.signIn()
    const second = expectTokens(await native.refresh(first.refreshToken))
    const third = expectTokens(await native.refresh(second.refreshToken))
    expect(first.sessionId).toMatch(UUID_V4)
    expect([second.sessionId, third.sessionId]).toEqual([first.sessionId, first.sessionId])
  })

  test('R9 the parent inside the window gets a working pair of the same generation, and both chains go on', async () => {
    const { native, clock, reuses } = openHere()
    const first = await native.signIn()
    const winner = expectTokens(await native.refresh(first.refreshToken))
    clock.turn(29)
    const sibling = expectTokens(await native.refresh(first.refreshToken))
    const next = expectTokens(await native.refresh(sibling.refreshToken))
    // The winner's token is the parent now: inside the window it converges.
    const converged = expectTokens(await native.refresh(winner.refreshToken))
    expect(await native.whoAmI(next.accessToken)).toBe('ann')
    expect(await native.whoAmI(converged.accessToken)).toBe('ann')
    expect(reuses).toEqual([])
  })

  test('R9 R02 the parent after the window is reuse: the family ends, both parties are out, the event fires once', async () => {
    const { native, clock, reuses } = openHere()
    const first = await native.signIn()
    const second = expectTokens(await native.refresh(first.refreshToken))
    clock.turn(31)
    expect(await native.refresh(first.refreshToken)).toBe('TokenReuse')
    expect(await native.refresh(second.refreshToken)).toBe('SessionRevoked')
    expect(await native.whoAmI(second.accessToken)).toBe('SessionRevoked')
    expect(reuses).toEqual([{ userId: 'ann', sessionId: first.sessionId }])
  })

  test('R9 the window does not grow by being used', async () => {
    const { native, clock } = openHere()
    const first = await native.signIn()
    expectTokens(await native.refresh(first.refreshToken))
    clock.turn(20)
    expectTokens(await native.refresh(first.refreshToken))
    clock.turn(20)
    expect(await native.refresh(first.refreshToken)).toBe('TokenReuse')
  })

  test('R04 a grandparent inside the window is reuse', async () => {
    const { native } = openHere()
    const first = await native.signIn()
    const second = expectTokens(await native.refresh(first.refreshToken))
    expectTokens(await native.refresh(second.refreshToken))
    expect(await native.refresh(first.refreshToken)).toBe('TokenReuse')
  })

  test('R06 the refresh token of one app is refused by another, and goes on at its own', async () => {
    const [own, foreign] = [openHere(), openHere({ secret: 'another-app-has-another-secret-3f9c1' })]
    const { refreshToken } = await own.native.signIn()
    expect(await foreign.native.refresh(refreshToken)).toBe('InvalidToken')
    expectTokens(await own.native.refresh(refreshToken))
  })

  test('R08 a lost answer is survived: the old token asks again inside the window and the session goes on', async () => {
    const { native, clock } = openHere()
    const first = await native.signIn()
    await native.refresh(first.refreshToken) // the answer never arrives
    clock.turn(5)
    const again = expectTokens(await native.refresh(first.refreshToken))
    clock.turn(MINUTE)
    expectTokens(await native.refresh(again.refreshToken))
  })

  test('R01 of fifty at once all get tokens of one generation, and the next rotation goes on from any of them', async () => {
    const { native, adapter } = openHere()
    const first = await native.signIn()
    const answers = await Promise.all(Array.from({ length: 50 }, () => native.refresh(first.refreshToken)))
    const pairs = answers.map(expectTokens)
    const [row] = await adapter.listSessions({ userId: 'ann', now: new Date(0) })
    expect(row?.generation).toBe(1)
    expectTokens(await native.refresh(pairs[17]!.refreshToken))
  })

  test('R10 the user is loaded and handed over as stored; a deleted one is refused and the family is gone', async () => {
    const stored: unknown[] = []
    const { native, adapter } = openHere({
      callbacks: {
        jwt: ({ token, stored: row }) => {
          stored.push(row?.name ?? null)
          return token
        },
      },
    })
    const first = await native.signIn()
    await adapter.updateUser({ id: 'ann', name: 'Ann Renamed' })
    const second = expectTokens(await native.refresh(first.refreshToken))
    expect(stored).toEqual([null, 'Ann Renamed'])
    await adapter.deleteUser('ann')
    expect(await native.refresh(second.refreshToken)).toBe('SessionRevoked')
  })

  test('J14 null from the callback on refresh ends the family', async () => {
    let banned = false
    const { native } = openHere({ callbacks: { jwt: ({ token }) => (banned ? null : token) } })
    const first = await native.signIn()
    banned = true
    expect(await native.refresh(first.refreshToken)).toBe('SessionRevoked')
    banned = false
    expect(await native.refresh(first.refreshToken)).toBe('SessionRevoked')
  })

  test('J15 a throw on refresh consumes nothing and signs nobody out', async () => {
    let isBroken = false
    const { logger } = openLog()
    const { native, clock } = openHere({
      logger,
      callbacks: {
        jwt: ({ token }) => {
          if (isBroken) throw new Error('the role service is down')
          return token
        },
      },
    })
    const first = await native.signIn()
    isBroken = true
    for (let attempt = 0; attempt < 3; attempt++)
      expect(await native.refresh(first.refreshToken)).toBe('CallbackRouteError')
    isBroken = false
    clock.turn(10 * MINUTE)
    const second = expectTokens(await native.refresh(first.refreshToken))
    expect(await native.whoAmI(second.accessToken)).toBe('ann')
  })

  test('H7 a claim that does not fit fails the refresh and consumes nothing', async () => {
    let org: unknown = 'acme'
    const { native } = openHere({
      claims: { org: z.string() },
      callbacks: { jwt: ({ token }) => ({ ...token, org }) },
    })
    const first = await native.signIn()
    org = 7
    expect(await native.refresh(first.refreshToken)).toBe('InvalidClaim')
    org = 'acme'
    expectTokens(await native.refresh(first.refreshToken))
  })

  test('J8 a claim set at sign-in survives every refresh, also where the callback guards on user (J11)', async () => {
    const { native } = openHere({
      claims: { org: z.string() },
      callbacks: { jwt: ({ token, user }) => (user ? { ...token, org: 'acme', note: 'for the server only' } : token) },
    })
    let tokens = await native.signIn()
    for (let turn = 0; turn < 3; turn++) tokens = expectTokens(await native.refresh(tokens.refreshToken))
    expect(tokens.session?.claims).toEqual({ org: 'acme' })
    expect(JSON.stringify(tokens)).not.toContain('for the server only')
  })

  test('sign-out ends the family: access and refresh token are dead, also a copy of them', async () => {
    const { native } = openHere()
    const tokens = await native.signIn()
    expect((await native.post('/signout', {}, native.bearer(tokens.accessToken))).status).toBe(200)
    expect(await native.whoAmI(tokens.accessToken)).toBe('SessionRevoked')
    expect(await native.refresh(tokens.refreshToken)).toBe('SessionRevoked')
  })

  test('sign-out with the refresh token ends the session of an access token that has expired', async () => {
    const { native, clock } = openHere()
    const tokens = await native.signIn()
    clock.turn(20 * MINUTE)
    const { accessToken, refreshToken } = tokens
    expect((await native.post('/signout', { refreshToken }, native.bearer(accessToken))).status).toBe(200)
    expect(await native.refresh(refreshToken)).toBe('SessionRevoked')
  })

  test('a token session is in the list of sessions, and revoking it there ends the family', async () => {
    const { auth, native } = openHere()
    const browser = createBrowser(auth)
    const tokens = await native.signIn()
    await browser.signIn()
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const context = auth.createContext({
      method: undefined,
      header: (name) => (name === 'cookie' ? cookie : null),
      response: { writability: () => 'none', setCookie: () => {}, noStore: () => {} },
    })
    expect((await context.sessions.list()).map(({ id }) => id)).toContain(tokens.sessionId)
    await context.sessions.revoke({ id: tokens.sessionId })
    expect(await native.refresh(tokens.refreshToken)).toBe('SessionRevoked')
  })
})

describe('lifetimes', () => {
  test('R4 the access token ends after its age and says so; the refresh token works on', async () => {
    const { native, clock } = open()
    const tokens = await native.signIn()
    clock.turn(15 * MINUTE - 1)
    expect(await native.whoAmI(tokens.accessToken)).toBe('ann')
    clock.turn(1)
    expect(await native.whoAmI(tokens.accessToken)).toBe('AccessTokenExpired')
    expectTokens(await native.refresh(tokens.refreshToken))
  })

  test('R4 R11 the refresh token ends after its age with SessionExpired', async () => {
    const { native, clock } = open()
    const tokens = await native.signIn()
    clock.turn(30 * DAY)
    expect(await native.refresh(tokens.refreshToken)).toBe('SessionExpired')
  })

  test('R4 R07 no number of refreshes carries a family beyond its cap', async () => {
    const { native, clock } = open({ tokens: { enabled: true, familyMaxAge: '90d' } })
    let tokens = await native.signIn()
    const end = clock.seconds() + 90 * DAY
    for (let turn = 0; turn < 1_000; turn++) {
      clock.turn(7_700) // a thousand of these are a little less than ninety days
      tokens = expectTokens(await native.refresh(tokens.refreshToken))
      expect(tokens.expiresAt).toBeLessThanOrEqual(end)
    }
    clock.turn(90 * DAY - 7_700_000)
    expect(await native.refresh(tokens.refreshToken)).toBe('SessionExpired')
    expect(await native.whoAmI(tokens.accessToken)).toBe('AccessTokenExpired')
  })
})

describe('without an adapter', () => {
  test('R2 a refresh works with no store and no user look-up', async () => {
    const native = createNative(makeAuth({ tokens: { enabled: true } }))
    const first = await native.signIn()
    const second = expectTokens(await native.refresh(first.refreshToken))
    expect(await native.whoAmI(second.accessToken)).toBe('ann')
  })

  test('R9 rotation cannot be enforced: an old refresh token works until it expires', async () => {
    const clock = openClock()
    const native = createNative(makeAuth({ tokens: { enabled: true }, clock: clock.read }))
    const first = await native.signIn()
    expectTokens(await native.refresh(first.refreshToken))
    clock.turn(DAY)
    expectTokens(await native.refresh(first.refreshToken))
  })
})

describe('a dead store', () => {
  test('is an error and signs nobody out', async () => {
    const { adapter } = open()
    let isDead = false
    const getSessionAndUser: typeof adapter.getSessionAndUser = async (token) => {
      if (isDead) throw new Error('connection refused')
      return adapter.getSessionAndUser(token)
    }
    const { native } = open({ adapter: { ...adapter, getSessionAndUser } })
    const tokens = await native.signIn()
    isDead = true
    expect(await native.refresh(tokens.refreshToken)).toBe('AdapterError')
    expect(await native.whoAmI(tokens.accessToken)).toBe('ann')
    isDead = false
    expectTokens(await native.refresh(tokens.refreshToken))
  })
})
