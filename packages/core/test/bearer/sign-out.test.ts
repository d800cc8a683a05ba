import { describe, expect, test } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { makeAuth, openClock } from '../support/auth.ts'
import { createBrowser, readJson } from '../support/browser.ts'
import { createNative, expectTokens } from '../support/native.ts'

describe.each(['jwt', 'database'] as const)(
  'R14 signing out with a refresh token under the %s strategy',
  (strategy) => {
    /** Two devices of one person. The first is a client with tokens, whose token a thief has copied. */
    async function open() {
      const clock = openClock()
      const adapter = memoryAdapter()
      const reuses: unknown[] = []
      const signOuts: unknown[] = []
      const auth = makeAuth({
        adapter,
        session: { strategy },
        tokens: { enabled: true },
        clock: clock.read,
        events: {
          tokenReuse: (event) => void reuses.push(event),
          signOut: ({ everywhere }) => void signOuts.push(everywhere),
        },
      })
      const native = createNative(auth)
      const phone = await native.signIn()
      const tablet = await native.signIn()
      const signOut = async (refreshToken: string, headers: Record<string, string> = {}) =>
        readJson<unknown>(await native.post('/signout', { refreshToken, everywhere: true }, headers))
      return { auth, clock, native, phone, tablet, signOut, reuses, signOuts }
    }
    type Scene = Awaited<ReturnType<typeof open>>

    const STATES: readonly {
      readonly token: string
      readonly take: (scene: Scene) => Promise<string>
      readonly endsOthers: boolean
    }[] = [
      { token: 'the newest', take: async ({ phone }) => phone.refreshToken, endsOthers: true },
      {
        token: 'the parent inside the window',
        take: async ({ native, phone }) => {
          await native.refresh(phone.refreshToken)
          return phone.refreshToken
        },
        endsOthers: true,
      },
      {
        token: 'the parent after the window',
        take: async ({ native, phone, clock }) => {
          await native.refresh(phone.refreshToken)
          clock.turn(31)
          return phone.refreshToken
        },
        endsOthers: false,
      },
      {
        token: 'a grandparent',
        take: async ({ native, phone }) => {
          await native.refresh(expectTokens(await native.refresh(phone.refreshToken)).refreshToken)
          return phone.refreshToken
        },
        endsOthers: false,
      },
      {
        token: 'one of a session that was signed out',
        take: async ({ native, phone }) => {
          await native.post('/signout', {}, native.bearer(phone.accessToken))
          return phone.refreshToken
        },
        endsOthers: false,
      },
      {
        token: 'one of a session that was signed out a day ago',
        take: async ({ native, phone, clock }) => {
          await native.post('/signout', { refreshToken: phone.refreshToken })
          clock.turn(86_400)
          return phone.refreshToken
        },
        endsOthers: false,
      },
      {
        token: 'one that has expired',
        take: async ({ phone, native, tablet, clock }) => {
          clock.turn(20 * 86_400)
          tablet = Object.assign(tablet, expectTokens(await native.refresh(tablet.refreshToken)))
          clock.turn(11 * 86_400)
          return phone.refreshToken
        },
        endsOthers: false,
      },
    ]

    test.each(STATES)('M05 $token: ends the others: $endsOthers', async ({ take, endsOthers }) => {
      const scene = await open()
      const refreshToken = await take(scene)
      expect(await scene.signOut(refreshToken)).toEqual({ signedOut: true, everywhere: endsOthers })
      const after = await scene.native.refresh(scene.tablet.refreshToken)
      expect(typeof after === 'string' ? after : 'lives').toBe(endsOthers ? 'SessionRevoked' : 'lives')
    })

    test('M05 one that was used before ends its own family, and the theft is told', async () => {
      const { native, phone, clock, signOut, reuses, signOuts } = await open()
      const second = expectTokens(await native.refresh(phone.refreshToken))
      clock.turn(31)
      await signOut(phone.refreshToken)
      expect(await native.refresh(second.refreshToken)).toBe('SessionRevoked')
      expect(reuses).toEqual([{ userId: 'ann', sessionId: phone.sessionId }])
      expect(signOuts).toEqual([])
    })

    test('M05 an access token whose session has ended elsewhere ends no other session', async () => {
      const { auth: _auth, native, phone, tablet, clock } = await open()
      const adapter = memoryAdapter()
      const options = { adapter, session: { strategy }, tokens: { enabled: true }, clock: clock.read } as const
      const here = createNative(makeAuth(options))
      const there = createNative(makeAuth(options))
      const stolen = await here.signIn()
      const other = await here.signIn()
      await there.post('/signout', { refreshToken: stolen.refreshToken })
      expect(await here.whoAmI(stolen.accessToken)).toBe('ann')
      const answer = await here.post('/signout', { everywhere: true }, here.bearer(stolen.accessToken))
      expect(await readJson<unknown>(answer)).toEqual({ signedOut: true, everywhere: false })
      expectTokens(await here.refresh(other.refreshToken))
      expectTokens(await native.refresh(phone.refreshToken))
      expectTokens(await native.refresh(tablet.refreshToken))
    })
  },
)

test('M05 a copied cookie whose session has ended elsewhere ends no other session', async () => {
  const clock = openClock()
  const options = { adapter: memoryAdapter(), session: { strategy: 'jwt' }, clock: clock.read } as const
  const [here, there] = [makeAuth(options), makeAuth(options)]
  const [browser, other] = [createBrowser(here), createBrowser(here)]
  await browser.signIn()
  await other.signIn()
  const thief = createBrowser(here)
  for (const [name, value] of browser.cookies) thief.cookies.set(name, value)
  const elsewhere = createBrowser(there)
  for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value)
  await elsewhere.signOut()
  expect(await readJson<unknown>(await thief.signOut({ everywhere: true }))).toEqual({
    signedOut: true,
    everywhere: false,
  })
  expect((await other.session())?.user.id).toBe('ann')
})

test('M05 signing out twice with the same token is no error', async () => {
  const native = createNative(makeAuth({ adapter: memoryAdapter(), tokens: { enabled: true } }))
  const { refreshToken } = await native.signIn()
  for (let time = 0; time < 2; time++) {
    const answer = await native.post('/signout', { refreshToken })
    expect([answer.status, await readJson<unknown>(answer)]).toEqual([200, { signedOut: true }])
  }
})

describe.each(['jwt', 'database'] as const)('an access token that has expired, under the %s strategy', (strategy) => {
  async function open() {
    const clock = openClock()
    const adapter = memoryAdapter()
    const auth = makeAuth({ adapter, session: { strategy }, tokens: { enabled: true }, clock: clock.read })
    const native = createNative(auth)
    const phone = await native.signIn()
    const tablet = await native.signIn()
    clock.turn(16 * 60)
    return { native, phone, tablet }
  }

  test('M31 signs its own session out: its refresh token is worth nothing afterwards', async () => {
    const { native, phone } = await open()
    expect(await native.whoAmI(phone.accessToken)).toBe('AccessTokenExpired')
    const answer = await native.post('/signout', {}, native.bearer(phone.accessToken))
    expect(await readJson<unknown>(answer)).toEqual({ signedOut: true })
    expect(await native.refresh(phone.refreshToken)).toBe('SessionRevoked')
  })

  test('M31 ends no other session', async () => {
    const { native, phone, tablet } = await open()
    const answer = await native.post('/signout', { everywhere: true }, native.bearer(phone.accessToken))
    expect(await readJson<unknown>(answer)).toEqual({ signedOut: true, everywhere: false })
    expectTokens(await native.refresh(tablet.refreshToken))
    expect(await native.refresh(phone.refreshToken)).toBe('SessionRevoked')
  })

  test('M31 ends its session and the others where its refresh token is shown too', async () => {
    const { native, phone, tablet } = await open()
    const body = { everywhere: true, refreshToken: phone.refreshToken }
    const answer = await native.post('/signout', body, native.bearer(phone.accessToken))
    expect(await readJson<unknown>(answer)).toEqual({ signedOut: true, everywhere: true })
    expect(await native.refresh(tablet.refreshToken)).toBe('SessionRevoked')
  })
})
