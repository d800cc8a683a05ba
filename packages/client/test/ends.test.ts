import { describe, expect, test } from 'vitest'
import { createTokenStore, type SessionChange } from '../src/index.ts'
import { type App, openApp } from './support/app.ts'
import { type Client, openClient } from './support/clients.ts'
import { openCookieJar } from './support/cookie-jar.ts'
import { signIn } from './support/session.ts'

/** A browser whose session is a cookie, and what its client is told. */
function openCookieClient(app: App, refreshTimeout?: number) {
  const jar = openCookieJar(app.origin)
  const changes: SessionChange<unknown>[] = []
  const client = openClient(app, 'httpBatchLink', {
    tokens: undefined,
    fetch: jar.fetch,
    onSessionChange: (change) => void changes.push(change),
    ...(refreshTimeout !== undefined && { refreshTimeout }),
  })
  return { ...client, jar, changes }
}

/** Signed in with a cookie, and ended from another of the person's browsers. */
async function openRevoked() {
  const app = await openApp()
  const client = openCookieClient(app)
  const other = openCookieClient(app)
  await signIn(client.trpc)
  await signIn(other.trpc)
  await other.trpc.auth.sessions.revokeOthers.mutate()
  client.changes.length = 0
  return { app, ...client }
}

const CALLS: Readonly<Record<string, (trpc: Client['trpc']) => Promise<unknown>>> = {
  'an operation of the app': (trpc) => trpc.mine.query(),
  'sessions.list': (trpc) => trpc.auth.sessions.list.query(),
  'sessions.revoke': (trpc) => trpc.auth.sessions.revoke.mutate({ id: '0b7c2f0e-8f5a-4b61-9f2b-6a3f6f3d9b11' }),
  'sessions.revokeOthers': (trpc) => trpc.auth.sessions.revokeOthers.mutate(),
  updateSession: (trpc) => trpc.auth.updateSession.mutate({ org: 'acme' }),
  streamTicket: (trpc) => trpc.auth.streamTicket.mutate(),
}

describe('M12 where a cookie is the session, one that was revoked elsewhere is noticed', () => {
  test.each(Object.keys(CALLS))('by %s', async (name) => {
    const { trpc, changes } = await openRevoked()
    await expect(CALLS[name]!(trpc)).rejects.toMatchObject({ data: { kind: 'SessionRevoked' } })
    expect(changes).toEqual([{ session: undefined, reason: 'ended', kind: 'SessionRevoked', elsewhere: false }])
  })

  test('but a call that is refused for another reason ends nothing', async () => {
    const app = await openApp()
    const { trpc, changes } = openCookieClient(app)
    await signIn(trpc)
    changes.length = 0
    const bad = trpc.auth.updateSession.mutate({ org: 7 as unknown as string })
    await expect(bad).rejects.toMatchObject({ data: { kind: 'InvalidInput' } })
    app.wire.fail('auth.sessions.list', 503)
    await expect(trpc.auth.sessions.list.query()).rejects.toThrow()
    expect(changes).toEqual([])
  })
})

const WAYS = {
  'a cookie': () => undefined,
  'tokens in memory': () => createTokenStore(),
  'a refresh cookie': () => createTokenStore({ refresh: 'cookie' }),
} as const

describe.each(Object.keys(WAYS) as (keyof typeof WAYS)[])('M12 a sign-out by %s', (way) => {
  async function openSignedIn() {
    const app = await openApp()
    const jar = openCookieJar(app.origin)
    const reasons: string[] = []
    const client = openClient(app, 'httpLink', {
      tokens: WAYS[way](),
      fetch: jar.fetch,
      refreshTimeout: 1,
      onSessionChange: ({ reason }) => void reasons.push(reason),
    })
    await signIn(client.trpc)
    reasons.length = 0
    return { app, reasons, ...client }
  }

  test('that arrives is told', async () => {
    const { trpc, reasons } = await openSignedIn()
    await expect(trpc.auth.signOut.mutate()).resolves.toEqual({ signedOut: true })
    expect(reasons).toEqual(['signOut'])
  })

  test.each([['cut' as const], ['hang' as const], [503]])('that fails (%s) is never silent', async (failure) => {
    const { app, trpc, reasons } = await openSignedIn()
    app.wire.fail('auth.signOut', failure)
    await expect(trpc.auth.signOut.mutate()).rejects.toThrow()
    expect(reasons).toEqual([])
    await expect(trpc.mine.query()).resolves.toBe('ann')
    app.wire.fail('auth.signOut', null)
    await trpc.auth.signOut.mutate()
    expect(reasons).toEqual(['signOut'])
  })
})

test('M12 a session that stays a cookie beside a token store is signed out with a word, too', async () => {
  const app = await openApp()
  const jar = openCookieJar(app.origin)
  const reasons: string[] = []
  const { trpc } = openClient(app, 'httpLink', {
    fetch: jar.fetch,
    onSessionChange: ({ reason }) => void reasons.push(reason),
  })
  await trpc.auth.signIn.mutate({ provider: 'credentials', name: 'ann', password: 'right', flow: 'cookie' })
  await trpc.auth.signOut.mutate()
  expect(reasons).toEqual(['signIn', 'signOut'])
})

describe.each(['tokens in memory', 'a refresh cookie'] as const)(
  'M12 updateSession that never comes back, by %s',
  (way) => {
    test('fails after refreshTimeout, and the session goes on', async () => {
      const app = await openApp()
      const jar = openCookieJar(app.origin)
      const options = { tokens: WAYS[way](), fetch: jar.fetch, refreshTimeout: 1 }
      const { trpc, auth } = openClient(app, 'httpLink', options)
      await signIn(trpc)
      const path = way === 'a refresh cookie' ? '/auth/token' : 'auth.updateSession'
      app.wire.fail(path, 'hang')
      const update = trpc.auth.updateSession.mutate({ org: 'acme' })
      await expect(update).rejects.toThrow()
      app.wire.fail(path, null)
      await auth.refresh()
      await expect(trpc.mine.query()).resolves.toBe('ann')
    })
  },
)
