import { createSessionBus } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { type LiveOptions, openLiveApp, signInByCookie, TOKEN_FLOW } from '../support/live-app.ts'
import { openStore } from '../support/store.ts'

const MINUTE = 60_000
type App = Awaited<ReturnType<typeof openLiveApp>>
type Socket = ReturnType<App['socket']>

/** Ann, an admin, on a socket that was opened as it says; the clock can be turned and the store fail. */
async function open(strategy: 'jwt' | 'database', way: Way, options: Partial<LiveOptions> = {}) {
  let now = Date.now()
  const store = await openStore([{ id: 'ann', name: 'ann', email: null, role: 'admin' }])
  const app = await openLiveApp({ strategy, adapter: store.adapter, clock: () => new Date(now), ...options })
  const cookie = await signInByCookie(app)
  return { app, store, cookie, socket: await WAYS[way](app, cookie), turn: (ms: number) => void (now += ms) }
}

const WAYS = {
  'a ticket': async (app: App, cookie: string) => {
    const { ticket } = await app.http({ cookie }).auth.streamTicket.mutate()
    return app.socket({ params: { ticket } })
  },
  'a cookie': async (app: App, cookie: string) => app.socket({ cookie }),
}
type Way = keyof typeof WAYS

async function kindOf(call: Promise<unknown>): Promise<unknown> {
  const kind = (error: { data?: { kind?: unknown } }) => error.data?.kind
  return call.then(() => 'allowed', kind)
}

const admin = (socket: Socket) => kindOf(socket.admin.query())
const mine = (socket: Socket) => kindOf(socket.mine.query())

describe.each(['jwt', 'database'] as const)('under the %s strategy', (strategy) => {
  /** Until when what the store says may go unseen. */
  const bound = strategy === 'jwt' ? 5 * MINUTE : 0

  describe.each(Object.keys(WAYS) as Way[])('a socket opened by %s', (way) => {
    test('M01 S13 H12 loses a role within revalidateAge', async () => {
      const { socket, store, turn } = await open(strategy, way)
      expect(await admin(socket)).toBe('allowed')
      await store.adapter.updateUser({ id: 'ann', role: 'member' })
      if (bound > 0) expect(await admin(socket)).toBe('allowed')
      turn(bound)
      expect(await admin(socket)).toBe('AccessDenied')
      expect(await mine(socket)).toBe('allowed')
      // And is given another in the same time.
      await store.adapter.updateUser({ id: 'ann', role: 'admin' })
      turn(bound)
      expect(await admin(socket)).toBe('allowed')
    })

    test('M01 S13 does not outlive its user', async () => {
      const { socket, store, turn } = await open(strategy, way)
      expect(await mine(socket)).toBe('allowed')
      await store.adapter.deleteUser('ann')
      turn(bound)
      expect(await mine(socket)).toBe('SessionRevoked')
    })

    test('M01 S13 does not outlive its row, which something else ended', async () => {
      const { socket, store, turn } = await open(strategy, way)
      expect(await mine(socket)).toBe('allowed')
      await store.adapter.revokeSessions({ userId: 'ann', now: new Date() })
      turn(bound)
      expect(await mine(socket)).toBe('SessionRevoked')
    })

    test('M01 once refused it stays refused, also when the list of revocations has shrunk', async () => {
      const { app, cookie, socket, turn } = await open(strategy, way)
      expect(await mine(socket)).toBe('allowed')
      await app.http({ cookie }).auth.signOut.mutate({ everywhere: true })
      expect(await mine(socket)).toBe('SessionRevoked')
      for (let hour = 0; hour < 3; hour++) {
        turn(60 * MINUTE)
        await app.http({ cookie: await signInByCookie(app) }).auth.signOut.mutate()
        expect(await mine(socket)).toBe('SessionRevoked')
      }
    })

    test('M01 C14 a store that fails once costs one call, at the first and at any later', async () => {
      const { socket, store, turn } = await open(strategy, way)
      store.failWith(new Error('connection lost'))
      if (way === 'a ticket' || strategy === 'database') expect(await mine(socket)).toBe('AdapterError')
      store.failWith(null)
      expect(await mine(socket)).toBe('allowed')
      turn(bound)
      store.failWith(new Error('connection lost'))
      expect(await mine(socket)).toBe('AdapterError')
      store.failWith(null)
      expect(await mine(socket)).toBe('allowed')
    })

    test('S13 sees what updateSession wrote over HTTP', async () => {
      const { app, cookie, socket } = await open(strategy, way)
      expect((await socket.auth.session.query())?.claims.org).toBeUndefined()
      await app.http({ cookie }).auth.updateSession.mutate({ org: 'acme' })
      expect((await socket.auth.session.query())?.claims.org).toBe('acme')
    })

    test('M01 updateSession over it works, or is refused with its kind', async () => {
      const { app, cookie, socket } = await open(strategy, way)
      const update = kindOf(socket.auth.updateSession.mutate({ org: 'acme' }))
      expect(await update).toBe(strategy === 'database' ? 'allowed' : 'ResponseCommitted')
      const org = strategy === 'database' ? 'acme' : undefined
      expect((await app.http({ cookie }).auth.session.query())?.claims.org).toBe(org)
    })
  })
})

test('M01 without a store too: ended here it stays ended', async () => {
  let now = Date.now()
  const app = await openLiveApp({ adapter: null, clock: () => new Date(now) })
  const cookie = await signInByCookie(app)
  const { ticket } = await app.http({ cookie }).auth.streamTicket.mutate()
  const socket = app.socket({ params: { ticket } })
  expect(await mine(socket)).toBe('allowed')
  await app.http({ cookie }).auth.signOut.mutate()
  for (let day = 0; day < 29; day++) {
    now += 24 * 60 * MINUTE
    expect(await mine(socket)).toBe('SessionRevoked')
  }
})

describe('a ticket made from an access token', () => {
  const openAccess = async () => {
    let now = Date.now()
    const store = await openStore([{ id: 'ann', name: 'ann', email: null, role: 'admin' }])
    const app = await openLiveApp({ adapter: store.adapter, clock: () => new Date(now), bus: createSessionBus() })
    const tokens = await app.http().auth.signIn.mutate(TOKEN_FLOW)
    if (tokens.status !== 'tokens') throw new Error('no tokens')
    const { accessToken, refreshToken = '' } = tokens
    const { ticket } = await app.http({ authorization: `Bearer ${accessToken}` }).auth.streamTicket.mutate()
    const socket = app.socket({ params: { ticket } })
    return { app, store, socket, refreshToken, turn: (ms: number) => void (now += ms) }
  }

  test('M01 does not outlive the access token, unless that is refreshed', async () => {
    const { app, socket, refreshToken, turn } = await openAccess()
    expect(await mine(socket)).toBe('allowed')
    turn(14 * MINUTE)
    await app.http().auth.token.mutate({ refreshToken })
    turn(14 * MINUTE)
    expect(await mine(socket)).toBe('allowed')
    turn(2 * MINUTE)
    expect(await mine(socket)).toBe('AccessTokenExpired')
  })

  test('M01 asks for its row within revalidateAge', async () => {
    const { socket, store, turn } = await openAccess()
    expect(await mine(socket)).toBe('allowed')
    await store.adapter.revokeSessions({ userId: 'ann', now: new Date() })
    turn(5 * MINUTE)
    expect(await mine(socket)).toBe('SessionRevoked')
  })

  test('M01 updateSession takes the refresh token, as over the access token itself', async () => {
    const { socket, refreshToken } = await openAccess()
    expect(await kindOf(socket.auth.updateSession.mutate({ org: 'acme' }))).toBe('InvalidInput')
    expect(await socket.auth.updateSession.mutate({ org: 'acme', refreshToken })).toMatchObject({
      tokenType: 'Bearer',
      session: { claims: { org: 'acme' } },
    })
  })
})
