import { describe, expect, test } from 'vitest'
import { createTokenStore, type SessionChange } from '../src/index.ts'
import { openApp } from './support/app.ts'
import { openClient } from './support/clients.ts'
import { openCookieJar } from './support/cookie-jar.ts'
import { signIn } from './support/session.ts'

const LATER = 16 * 60_000
const BEN = { name: 'ben', password: 'right' }

const WAYS = {
  'a cookie': { tokens: () => undefined, call: {} },
  'tokens in memory': { tokens: () => createTokenStore(), call: { flow: 'token' } },
  'a refresh cookie': {
    tokens: () => createTokenStore({ refresh: 'cookie' }),
    call: { flow: 'token', refresh: 'cookie' },
  },
} as const
type Way = keyof typeof WAYS
const NAMES = Object.keys(WAYS) as Way[]

async function open(way: Way, app?: Awaited<ReturnType<typeof openApp>>) {
  const server = app ?? (await openApp())
  const jar = openCookieJar(server.origin)
  const changes: SessionChange<unknown>[] = []
  const client = openClient(server, 'httpBatchStreamLink', {
    tokens: WAYS[way].tokens(),
    fetch: jar.fetch,
    onSessionChange: (change) => void changes.push(change),
  })
  return { app: server, jar, changes, ...client }
}

describe.each(NAMES)('an operation of a plug-in, the session in %s', (way) => {
  test('whose result says that a session has begun begins it, whatever its name', async () => {
    const { app, trpc, auth, jar, changes } = await open(way)
    const result = await trpc.auth.password.signUp.mutate(BEN)
    expect(app.state.inputs).toEqual([{ ...BEN, ...WAYS[way].call }])
    expect(result.status).toBe(way === 'a cookie' ? 'signedIn' : 'tokens')
    expect(changes).toMatchObject([{ reason: 'signIn', session: { user: { id: 'ben' } }, elsewhere: false }])
    expect((await auth.tokens())?.accessToken).toBe('accessToken' in result ? result.accessToken : undefined)
    expect([...jar.cookies.keys()]).toEqual(
      {
        'a cookie': ['latchkey.session', 'latchkey.device'],
        'tokens in memory': [],
        'a refresh cookie': ['latchkey.refresh', 'latchkey.device'],
      }[way],
    )
    await expect(trpc.mine.query()).resolves.toBe('ben')
  })

  test('with any other result changes nothing', async () => {
    const { app, trpc, auth, changes } = await open(way)
    await signIn(trpc)
    const before = await auth.tokens()
    changes.length = 0
    const { password } = trpc.auth
    await expect(password.remind.mutate({ email: 'ann@example.com' })).resolves.toMatchObject({ status: 'sent' })
    await expect(password.unlock.mutate({})).resolves.toEqual({ status: 'challenge', challenge: 'c1' })
    await expect(password.leave.mutate()).resolves.toMatchObject({ status: 'redirect' })
    await expect(password.change.mutate({ next: 'long enough' })).resolves.toEqual({ changed: 'ann' })
    expect(await auth.tokens()).toEqual(before)
    expect(changes).toEqual([])
    expect(app.state.inputs[0]).toEqual({ email: 'ann@example.com', ...WAYS[way].call })
  })

  test('whose input is no object of fields is sent as it is, and a query too', async () => {
    const { app, trpc } = await open(way)
    await expect(trpc.auth.password.score.mutate('twelve chars')).resolves.toBe(12)
    await expect(trpc.auth.password.scores.mutate(['a', 'b'])).resolves.toBe(2)
    await expect(trpc.auth.password.rules.query()).resolves.toEqual({ length: 8 })
    expect(app.state.inputs).toEqual(['twelve chars', ['a', 'b'], undefined])
  })

  test('is sent by itself, so that its cookies arrive', async () => {
    const { app, trpc } = await open(way)
    await Promise.all([trpc.auth.password.rules.query(), trpc.auth.password.score.mutate('a'), trpc.open.query()])
    for (const path of ['auth.password.rules', 'auth.password.score']) expect(app.wire.count(path), path).toBe(1)
  })

  test('that fails says why, and changes nothing', async () => {
    const { trpc, changes } = await open(way)
    await signIn(trpc)
    changes.length = 0
    const wrong = trpc.auth.password.signUp.mutate({ ...BEN, password: 'wrong' })
    await expect(wrong).rejects.toMatchObject({ data: { kind: 'CredentialsSignin' } })
    await expect(trpc.mine.query()).resolves.toBe('ann')
    expect(changes).toEqual([])
  })
})

/** Why the token that a client still has is worth nothing. */
const STALE = {
  'its session was revoked': async ({ app, auth }: Awaited<ReturnType<typeof open>>) => {
    await app.auth.createContext(app.asBearer((await auth.tokens())!.accessToken)).signOut()
  },
  'its session has expired': async ({ app }: Awaited<ReturnType<typeof open>>) => {
    app.clock.ahead = 31 * 24 * 60 * 60_000
  },
} as const

describe.each(Object.keys(STALE) as (keyof typeof STALE)[])('a client whose token is stale, for %s', (why) => {
  async function openStale() {
    const client = await open('tokens in memory')
    await signIn(client.trpc)
    await STALE[why](client)
    client.changes.length = 0
    return client
  }

  test('signs in by a plug-in at the first attempt', async () => {
    const { trpc } = await openStale()
    await expect(trpc.auth.password.signUp.mutate(BEN)).resolves.toMatchObject({ status: 'tokens' })
    await expect(trpc.mine.query()).resolves.toBe('ben')
  })

  test('hears of its sign-in what is wrong with it', async () => {
    const { trpc } = await openStale()
    const wrong = trpc.auth.password.signUp.mutate({ ...BEN, password: 'wrong' })
    await expect(wrong).rejects.toMatchObject({ data: { kind: 'CredentialsSignin' } })
  })

  test('hears of an operation that needs a session why there is none', async () => {
    const { trpc, auth, changes } = await openStale()
    const kind = why === 'its session was revoked' ? 'SessionRevoked' : 'SessionExpired'
    await expect(trpc.auth.password.change.mutate({ next: 'x' })).rejects.toMatchObject({ data: { kind } })
    expect(await auth.tokens()).toBeNull()
    expect(changes).toEqual([{ session: null, reason: 'ended', kind, elsewhere: false }])
  })
})

test('T11: what is no sign-in isn’t sent again as whoever the cookie belongs to', async () => {
  const page = await open('a cookie')
  await page.trpc.auth.password.signUp.mutate(BEN)
  const { trpc, auth } = openClient(page.app, 'httpLink', { tokens: createTokenStore(), fetch: page.jar.fetch })
  await signIn(trpc)
  const bens = (await page.trpc.auth.sessions.list.query()).length
  await STALE['its session was revoked']({ ...page, trpc, auth })
  await expect(trpc.auth.sessions.revokeOthers.mutate()).rejects.toMatchObject({ data: { kind: 'SessionRevoked' } })
  expect(page.app.wire.count('auth.sessions.revokeOthers')).toBe(1)
  expect(await page.trpc.auth.sessions.list.query()).toHaveLength(bens)
})

test('a sign-in by a plug-in takes the place of another person’s tokens that the server can’t read', async () => {
  const one = await open('tokens in memory', await openApp({ secret: 'another-secret-that-is-long-enough-0' }))
  await signIn(one.trpc)
  const tokens = createTokenStore()
  await tokens.write(await one.auth.tokens())
  const { trpc } = openClient(await openApp(), 'httpLink', { tokens })
  await expect(trpc.auth.password.signUp.mutate(BEN)).resolves.toMatchObject({ status: 'tokens' })
  await expect(trpc.mine.query()).resolves.toBe('ben')
})

test('an operation of a plug-in whose access token has expired is sent once more with a new one', async () => {
  const { app, trpc } = await open('tokens in memory')
  await signIn(trpc)
  app.clock.ahead = LATER
  await expect(trpc.auth.password.change.mutate({ next: 'x' })).resolves.toEqual({ changed: 'ann' })
  expect(app.wire.count('auth.token')).toBe(1)
  expect(app.wire.count('auth.password.change')).toBe(2)
})

test('T3: an explicit flow: cookie takes the place of the tokens before', async () => {
  const { trpc, auth, changes } = await open('tokens in memory')
  await signIn(trpc)
  changes.length = 0
  await expect(trpc.auth.password.signUp.mutate({ ...BEN, flow: 'cookie' })).resolves.toMatchObject({
    status: 'signedIn',
  })
  expect(await auth.tokens()).toBeNull()
  expect(changes.map(({ reason }) => reason)).toEqual(['signOut', 'signIn'])
  await expect(trpc.auth.session.query()).resolves.toMatchObject({ user: { id: 'ben' } })
})
