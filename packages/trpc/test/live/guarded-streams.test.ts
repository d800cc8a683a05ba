import { describe, expect, test } from 'vitest'
import { openLiveApp, record, signInByCookie, TOKEN_FLOW, until } from '../support/live-app.ts'

describe.each(['jwt', 'database'] as const)('protectedSubscription under the %s strategy', (strategy) => {
  test.each(['events', 'socket'] as const)(
    'ends with the session while the stream is silent (%s)',
    async (transport) => {
      const app = await openLiveApp({ strategy })
      const cookie = await signInByCookie(app)
      const client = transport === 'events' ? app.events({ cookie }) : app.socket({ cookie })
      const live = record<{ data: unknown }>((handlers) => client.silent.subscribe(undefined, handlers))
      await until(() => live.items.length === 1)
      expect(live.items[0]?.data).toBe('ann')
      await app.http({ cookie }).auth.signOut.mutate()
      expect(await live.over).toBe('SessionRevoked')
      await until(() => app.openWatches() === 0)
    },
  )

  test('ends by time', async () => {
    const app = await openLiveApp({ strategy, maxAge: '3s' })
    const cookie = await signInByCookie(app)
    const live = record((handlers) => app.socket({ cookie }).ticks.subscribe(undefined, handlers))
    expect(await live.over).toBe('SessionExpired')
    expect(live.items.length).toBeGreaterThan(5)
    await until(() => app.closed.includes('ticks'))
  })

  test('without a session it never begins', async () => {
    const app = await openLiveApp({ strategy })
    const live = record((handlers) => app.socket().ticks.subscribe(undefined, handlers))
    expect(await live.over).toBe('SessionRequired')
    expect([live.items, app.closed]).toEqual([[], []])
  })

  test('a client that leaves stops the watch and closes the source', async () => {
    const app = await openLiveApp({ strategy })
    const cookie = await signInByCookie(app)
    const live = record((handlers) => app.socket({ cookie }).ticks.subscribe(undefined, handlers))
    await until(() => live.items.length > 2)
    expect(app.openWatches()).toBe(1)
    live.stop()
    await until(() => app.openWatches() === 0 && app.closed.includes('ticks'))
  })

  test('a socket asks again with every operation', async () => {
    const app = await openLiveApp({ strategy })
    const cookie = await signInByCookie(app)
    const client = app.socket({ cookie })
    expect(await client.mine.query()).toBe('ann')
    await app.http({ cookie }).auth.signOut.mutate()
    await expect(client.mine.query()).rejects.toMatchObject({ data: { kind: 'SessionRevoked' } })
  })

  test('C8 a handshake with cookies from another site’s page is refused', async () => {
    const app = await openLiveApp({ strategy })
    const cookie = await signInByCookie(app)
    const client = app.socket({ cookie, origin: 'https://evil.example' })
    await expect(client.mine.query()).rejects.toMatchObject({ data: { kind: 'UntrustedOrigin' } })
    expect(await client.open.query()).toBe('for everybody')
  })
})

test('an access token’s end asks for a refresh, not for a sign-in', async () => {
  const app = await openLiveApp({ accessTokenMaxAge: '1s' })
  const tokens = await app.http().auth.signIn.mutate(TOKEN_FLOW)
  if (tokens.status !== 'tokens') throw new Error('no tokens')
  const { accessToken } = tokens
  const live = record((handlers) => app.socket({ params: { accessToken } }).ticks.subscribe(undefined, handlers))
  expect(await live.over).toBe('AccessTokenExpired')
})
