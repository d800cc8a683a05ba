import { memoryAdapter } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { createTokenStore, type SessionChange, type Tokens } from '../src/index.ts'
import { type App, openApp } from './support/app.ts'
import { openClient } from './support/clients.ts'
import { signIn } from './support/session.ts'

const LATER = 16 * 60_000

/** A store that one can look into, and write to as somebody else would. */
function openStore() {
  const items = new Map<string, string>()
  const store = createTokenStore({
    storage: {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => items.set(key, value),
      removeItem: (key) => items.delete(key),
    },
  })
  return { store, items, tokens: () => JSON.parse(items.get('latchkey.tokens') ?? 'null') as Tokens | null }
}

async function openSignedIn(options: Parameters<typeof openApp>[0] = {}) {
  const app = await openApp(options)
  const kept = openStore()
  const changes: SessionChange<unknown>[] = []
  const client = openClient(app, 'httpLink', {
    tokens: kept.store,
    refreshTimeout: 1,
    onSessionChange: (change) => void changes.push(change),
  })
  await signIn(client.trpc)
  changes.length = 0
  return { app, kept, changes, ...client }
}

/** A client of the same session, whose access token has ten seconds left as far as it knows. */
function openEnding(app: App, { store, items, tokens }: ReturnType<typeof openStore>) {
  items.set('latchkey.tokens', JSON.stringify({ ...tokens(), expires: Date.now() + 10_000 }))
  return openClient(app, 'httpLink', { tokens: store })
}

describe('before an access token ends', () => {
  test('R4: it is refreshed ahead of time, once for all calls, and none of them is refused', async () => {
    const { app, kept } = await openSignedIn()
    const { trpc } = openEnding(app, kept)
    const answers = await Promise.all(Array.from({ length: 20 }, () => trpc.mine.query()))
    expect(answers).toEqual(Array.from({ length: 20 }, () => 'ann'))
    expect(app.wire.count('auth.token')).toBe(1)
    expect(app.wire.count('mine')).toBe(20)
  })

  test('R4: with a life shorter than the allowance, not before its last quarter', async () => {
    const { app, trpc } = await openSignedIn({ accessTokenMaxAge: '20s' })
    await trpc.mine.query()
    expect(app.wire.count('auth.token')).toBe(0)
  })

  test.each([
    ['an hour ahead', 3_600_000],
    ['an hour behind', -3_600_000],
  ])('a clock that is %s of the server’s neither refreshes too often nor too late', async (_, ahead) => {
    const app = await openApp()
    app.clock.ahead = ahead
    const { trpc } = openClient(app, 'httpLink')
    await signIn(trpc)
    await trpc.mine.query()
    await trpc.mine.query()
    expect(app.wire.count('auth.token')).toBe(0)
  })
})

describe('a refresh that fails without a word from the server', () => {
  test('X03: the network is down: the call fails, the session stays, and goes on when the network is back', async () => {
    const { app, trpc, kept, changes } = await openSignedIn()
    const before = kept.tokens()
    app.clock.ahead = LATER
    app.wire.fail('auth.token', 'cut')
    await expect(trpc.mine.query()).rejects.not.toHaveProperty('data.kind')
    expect(kept.tokens()).toEqual(before)
    expect(changes).toEqual([])

    app.wire.fail('auth.token', null)
    await expect(trpc.mine.query()).resolves.toBe('ann')
  })

  test('X03: the server is broken: the same', async () => {
    const { app, trpc, kept, changes } = await openSignedIn()
    const before = kept.tokens()
    app.clock.ahead = LATER
    app.wire.fail('auth.token', 503)
    await expect(trpc.mine.query()).rejects.toThrow()
    expect(kept.tokens()).toEqual(before)
    expect(changes).toEqual([])
  })

  test('an answer that never comes counts as a network failure after a while', async () => {
    const { app, trpc, kept } = await openSignedIn()
    app.clock.ahead = LATER
    app.wire.fail('auth.token', 'hang')
    await expect(trpc.mine.query()).rejects.not.toHaveProperty('data.kind')
    expect(kept.tokens()).not.toBeNull()
  })

  test('ahead of time, it is no hindrance while the access token lasts', async () => {
    const { app, kept } = await openSignedIn()
    const { trpc } = openEnding(app, kept)
    app.wire.fail('auth.token', 503)
    await expect(trpc.mine.query()).resolves.toBe('ann')
    expect(app.wire.count('auth.token')).toBe(1)
  })

  test('R9: an answer that was lost is no reuse: the next refresh with the same token works', async () => {
    const { app, trpc } = await openSignedIn()
    app.clock.ahead = LATER
    app.wire.fail('auth.token', 'lose')
    await expect(trpc.mine.query()).rejects.not.toHaveProperty('data.kind')
    app.wire.fail('auth.token', null)
    await expect(trpc.mine.query()).resolves.toBe('ann')
  })
})

describe('R11: a refresh that is refused for good ends the session', () => {
  test('SessionRevoked', async () => {
    const { app, trpc, kept, changes } = await openSignedIn()
    const { sessionId } = kept.tokens()!
    await openClient(app, 'httpLink', { tokens: kept.store }).trpc.auth.sessions.revoke.mutate({ id: sessionId })
    await expect(trpc.mine.query()).rejects.toMatchObject({ data: { kind: 'SessionRevoked' } })
    expect(kept.tokens()).toBeNull()
    expect(changes).toEqual([{ session: null, reason: 'ended', kind: 'SessionRevoked', elsewhere: false }])
  })

  test('TokenReuse', async () => {
    const { app, auth, trpc, kept, changes } = await openSignedIn()
    const stolen = kept.items.get('latchkey.tokens')!
    await auth.refresh()
    await auth.refresh()
    changes.length = 0
    kept.items.set('latchkey.tokens', stolen)
    app.clock.ahead = LATER
    const thief = openClient(app, 'httpLink', {
      tokens: kept.store,
      onSessionChange: (change) => void changes.push(change),
    })
    await expect(thief.trpc.mine.query()).rejects.toMatchObject({ data: { kind: 'TokenReuse' } })
    expect(kept.tokens()).toBeNull()
    expect(changes).toEqual([{ session: null, reason: 'ended', kind: 'TokenReuse', elsewhere: false }])
    // The first one finds the store empty, and goes on as nobody.
    await expect(trpc.mine.query()).rejects.toMatchObject({ data: { kind: 'SessionRequired' } })
  })

  test('SessionExpired', async () => {
    const { app, trpc, kept, changes } = await openSignedIn({ refreshTokenMaxAge: '1h' })
    app.clock.ahead = 2 * 3_600_000
    await expect(trpc.mine.query()).rejects.toMatchObject({ data: { kind: 'SessionExpired' } })
    expect(kept.tokens()).toBeNull()
    expect(changes).toEqual([{ session: null, reason: 'ended', kind: 'SessionExpired', elsewhere: false }])
  })

  test('InvalidToken: what the server can’t read is worth nothing', async () => {
    const { app, kept } = await openSignedIn()
    kept.items.set('latchkey.tokens', JSON.stringify({ ...kept.tokens(), refreshToken: 'rubbish' }))
    app.clock.ahead = LATER
    const { trpc } = openClient(app, 'httpLink', { tokens: kept.store })
    await expect(trpc.mine.query()).rejects.toMatchObject({ data: { kind: 'InvalidToken' } })
    expect(kept.tokens()).toBeNull()
  })

  test('then public procedures run, and guarded ones ask for a sign-in', async () => {
    const { app, trpc, kept } = await openSignedIn({ refreshTokenMaxAge: '1h' })
    app.clock.ahead = 2 * 3_600_000
    await expect(trpc.mine.query()).rejects.toMatchObject({ data: { kind: 'SessionExpired' } })
    expect(kept.tokens()).toBeNull()
    await expect(trpc.open.query()).resolves.toBe('for everybody')
    await expect(trpc.mine.query()).rejects.toMatchObject({ data: { kind: 'SessionRequired' } })
  })

  test('but tokens that have come in their place meanwhile are not touched', async () => {
    const { app, trpc, kept, changes } = await openSignedIn()
    const ofAnn = kept.tokens()!
    const other = openStore()
    await signIn(openClient(app, 'httpLink', { tokens: other.store }).trpc, 'ben')
    await app.auth.createContext(app.asBearer(ofAnn.accessToken)).signOut()

    kept.items.set('latchkey.tokens', other.items.get('latchkey.tokens')!)
    await expect(trpc.mine.query()).rejects.toMatchObject({ data: { kind: 'SessionRevoked' } })
    expect(kept.tokens()).toEqual(other.tokens())
    expect(changes).toEqual([])
    await expect(trpc.mine.query()).resolves.toBe('ben')
  })
})

test('C6: in an app that forgot the formatter the fixed message tells as much', async () => {
  const { app, trpc } = await openSignedIn({ plainErrors: true })
  app.clock.ahead = LATER
  await expect(trpc.mine.query()).resolves.toBe('ann')
  expect(app.wire.count('auth.token')).toBe(1)
})

test('R2: it works without an adapter', async () => {
  const { app, trpc } = await openSignedIn({ adapter: null })
  app.clock.ahead = LATER
  await expect(trpc.mine.query()).resolves.toBe('ann')
})

test('R9: clients that share a storage and a lock refresh once between them', async () => {
  const app = await openApp({ adapter: memoryAdapter() })
  const { store } = openStore()
  const clients = Array.from({ length: 8 }, () => openClient(app, 'httpLink', { tokens: { ...store, lock: turns } }))
  await signIn(clients[0]!.trpc)
  await Promise.all(clients.map(({ trpc }) => trpc.mine.query()))
  app.clock.ahead = LATER
  await expect(Promise.all(clients.map(({ trpc }) => trpc.mine.query()))).resolves.toHaveLength(8)
  expect(app.wire.count('auth.token')).toBe(1)
})

/** What a file lock is between processes. */
let last: Promise<unknown> = Promise.resolve()
function turns<T>(run: () => Promise<T>): Promise<T> {
  const turn = last.then(run)
  last = turn.catch(() => {})
  return turn
}

test('R9: a refresh that was done and whose response never comes costs nobody the session, with all defaults', async () => {
  const app = await openApp()
  const { store } = openStore()
  const { trpc, auth } = openClient(app, 'httpLink', { tokens: store })
  await signIn(trpc)
  app.wire.fail('auth.token', 'swallow')
  await expect(auth.refresh()).rejects.toThrow()
  app.wire.fail('auth.token', null)
  await auth.refresh()
  expect(await trpc.mine.query()).toBe('ann')
})
