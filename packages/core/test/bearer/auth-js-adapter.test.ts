import { describe, expect, test } from 'vitest'
import type { Adapter } from '../../src/index.ts'
import { COOKIE, makeAuth, openClock } from '../support/auth.ts'
import { authJsAdapter } from '../support/base-adapter.ts'
import { createBrowser, readJson } from '../support/browser.ts'
import { createNative, expectTokens } from '../support/native.ts'

const DAY = 86_400

describe.each(['jwt', 'database'] as const)('bearer tokens with an Auth.js adapter, %s strategy', (strategy) => {
  function open() {
    const store = authJsAdapter()
    const clock = openClock()
    const stored: unknown[] = []
    const reuses: unknown[] = []
    const start = (adapter: Adapter = store.adapter) =>
      makeAuth({
        adapter,
        session: { strategy },
        tokens: { enabled: true },
        clock: clock.read,
        callbacks: {
          jwt: ({ token, trigger, stored: row }) => {
            if (trigger === 'update') stored.push(row?.name ?? null)
            return token
          },
        },
        events: { tokenReuse: (event) => void reuses.push(event) },
      })
    const auth = start()
    return { ...store, clock, stored, reuses, start, auth, native: createNative(auth) }
  }

  test('M04 R1 a refresh works, and is handed the user as stored', async () => {
    const { native, users, stored } = open()
    const first = await native.signIn()
    users.set('ann', { ...users.get('ann'), id: 'ann', name: 'Ann Renamed' })
    const second = expectTokens(await native.refresh(first.refreshToken))
    expect(stored).toEqual(['Ann Renamed'])
    expect(await native.whoAmI(second.accessToken)).toBe('ann')
  })

  test('M04 R10 a deleted user’s family is refused, its access tokens in this process too', async () => {
    const { native, users } = open()
    const { accessToken, refreshToken } = await native.signIn()
    users.delete('ann')
    expect(await native.refresh(refreshToken)).toBe('SessionRevoked')
    expect(await native.whoAmI(accessToken)).toBe('SessionRevoked')
  })

  test.each([{ by: 'its access token' }, { by: 'its refresh token' }])(
    'M04 a family that was signed out by $by never comes back',
    async ({ by }) => {
      const { native, clock } = open()
      const tokens = await native.signIn()
      const { accessToken, refreshToken } = tokens
      if (by === 'its access token') await native.post('/signout', {}, native.bearer(accessToken))
      else await native.post('/signout', { refreshToken })
      for (let day = 0; day < 29; day++) {
        expect(await native.refresh(refreshToken)).toBe('SessionRevoked')
        clock.turn(DAY)
        // Others come and go: what is remembered of ended sessions is pruned when one ends.
        await native.post('/signout', { refreshToken: (await native.signIn('bob@example.com')).refreshToken })
      }
      clock.turn(DAY)
      expect(await native.refresh(refreshToken)).toBe('SessionExpired')
    },
  )

  test('M04 signing out everywhere ends this session, and says that it ended no other', async () => {
    const { native, auth } = open()
    const [phone, tablet] = [await native.signIn(), await native.signIn()]
    const browser = createBrowser(auth)
    await browser.signIn()
    const answer = await native.post('/signout', { everywhere: true }, native.bearer(phone.accessToken))
    expect(await readJson<unknown>(answer)).toEqual({ signedOut: true, everywhere: false })
    expect(await native.refresh(phone.refreshToken)).toBe('SessionRevoked')
    expectTokens(await native.refresh(tablet.refreshToken))
    const response = await browser.signOut({ everywhere: true })
    expect([response.status, await readJson<unknown>(response)]).toEqual([200, { signedOut: true, everywhere: false }])
    expect(browser.cookies.has(COOKIE)).toBe(false)
  })

  test('M04 R9 rotation cannot be enforced: an old refresh token is taken until it expires', async () => {
    const { native, clock, reuses } = open()
    const first = await native.signIn()
    const second = expectTokens(await native.refresh(first.refreshToken))
    clock.turn(DAY)
    expectTokens(await native.refresh(first.refreshToken))
    expectTokens(await native.refresh(second.refreshToken))
    expect(reuses).toEqual([])
  })

  test('M04 J14 a family that the jwt callback refuses stays ended', async () => {
    const { adapter, clock } = open()
    let isBanned = false
    const auth = makeAuth({
      adapter,
      session: { strategy },
      tokens: { enabled: true },
      clock: clock.read,
      callbacks: { jwt: ({ token }) => (isBanned ? null : token) },
    })
    const native = createNative(auth)
    const { refreshToken } = await native.signIn()
    isBanned = true
    expect(await native.refresh(refreshToken)).toBe('SessionRevoked')
    isBanned = false
    expect(await native.refresh(refreshToken)).toBe('SessionRevoked')
  })
})

describe('M04 under the database strategy the adapter’s own table remembers', () => {
  test('a family that was signed out is refused by another instance, and after a restart', async () => {
    const { adapter, sessions } = authJsAdapter()
    const start = () =>
      createNative(makeAuth({ adapter, session: { strategy: 'database' }, tokens: { enabled: true } }))
    const [here, there] = [start(), start()]
    const { refreshToken } = await here.signIn()
    const other = await here.signIn()
    expect(sessions.size).toBe(2)
    expectTokens(await there.refresh(refreshToken))
    await here.post('/signout', { refreshToken })
    expect(sessions.size).toBe(1)
    expect(await there.refresh(refreshToken)).toBe('SessionRevoked')
    expect(await start().refresh(refreshToken)).toBe('SessionRevoked')
    expectTokens(await there.refresh(other.refreshToken))
  })

  test('its table holds no secret of a family', async () => {
    const { adapter, sessions } = authJsAdapter()
    const native = createNative(makeAuth({ adapter, session: { strategy: 'database' }, tokens: { enabled: true } }))
    const tokens = await native.signIn()
    for (const secret of [tokens.accessToken, tokens.refreshToken, tokens.sessionId])
      expect(JSON.stringify([...sessions])).not.toContain(secret)
    // Nor does its key sign anybody in.
    const browser = createBrowser(makeAuth({ adapter, session: { strategy: 'database' }, tokens: { enabled: true } }))
    browser.cookies.set(COOKIE, [...sessions.keys()][0] ?? '')
    expect(await browser.session()).toBeNull()
  })
})
