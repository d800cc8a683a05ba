import { describe, expect, test } from 'vitest'
import { createTokenStore, type SessionChange } from '../src/index.ts'
import { openApp } from './support/app.ts'
import { openClient } from './support/clients.ts'
import { openCookieJar } from './support/cookie-jar.ts'
import { openFailingStore } from './support/failing-store.ts'
import { signIn } from './support/session.ts'

/** What a client is told while its store fails. */
const UNAVAILABLE = {
  kind: 'AdapterError',
  code: 'SERVICE_UNAVAILABLE',
  httpStatus: 503,
  retryAfter: 1,
}

/** The ways in which a client may keep its session. */
const KEPT = {
  'a cookie': () => undefined,
  tokens: () => createTokenStore(),
  'tokens, the refresh token in a cookie': () => createTokenStore({ refresh: 'cookie' }),
}
type Kept = keyof typeof KEPT

const LATER = 16 * 60_000

async function openSignedIn(kept: Kept) {
  const { adapter, state } = openFailingStore()
  const app = await openApp({ adapter })
  const jar = openCookieJar(app.origin)
  const changes: SessionChange<unknown>[] = []
  const { trpc, auth } = openClient(app, 'httpLink', {
    tokens: KEPT[kept](),
    fetch: jar.fetch,
    onSessionChange: (change) => void changes.push(change),
  })
  await signIn(trpc)
  changes.length = 0
  return { app, trpc, auth, jar, state, changes }
}

describe.each(Object.keys(KEPT) as Kept[])('M23 C14 a session kept in %s, while the store is down', (kept) => {
  test('first, while it is up: a session that is due for it is renewed', async () => {
    const { app, trpc } = await openSignedIn(kept)
    app.clock.ahead = LATER
    await expect(trpc.auth.session.query()).resolves.toMatchObject({ user: { id: 'ann' } })
  })

  test('calls fail with kind, code and time to wait; the session stays, and goes on when the store is back', async () => {
    const { app, trpc, auth, jar, state, changes } = await openSignedIn(kept)
    app.clock.ahead = LATER
    const before = [await auth.tokens(), [...jar.cookies.keys()]]
    state.isDown = true
    await expect(trpc.auth.session.query()).rejects.toMatchObject({ data: UNAVAILABLE })
    await expect(trpc.auth.updateSession.mutate({ org: 'acme' })).rejects.toMatchObject({ data: UNAVAILABLE })
    expect([await auth.tokens(), [...jar.cookies.keys()]]).toEqual(before)
    expect(changes).toEqual([])

    state.isDown = false
    await expect(trpc.auth.session.query()).resolves.toMatchObject({ user: { id: 'ann' } })
  })
})
