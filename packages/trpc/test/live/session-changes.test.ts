import { createSessionBus, memoryAdapter } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { openLiveApp, record, signInByCookie, TOKEN_FLOW, until } from '../support/live-app.ts'

type App = Awaited<ReturnType<typeof openLiveApp>>
type Client = { readonly claims: { readonly org?: string } } | null
const orgOf = (session: Client) => session && (session.claims.org ?? 'none')

/** The same stream over a socket and over server-sent events. */
const TRANSPORTS = {
  'server-sent events': (app: App, cookie: string) => app.events({ cookie }),
  'a WebSocket': (app: App, cookie: string) => app.socket({ cookie }),
}

describe.each(['jwt', 'database'] as const)('onSessionChange under the %s strategy', (strategy) => {
  describe.each(Object.entries(TRANSPORTS))('over %s', (_name, connect) => {
    test('says the session, says it again when it changes, then null and the end', async () => {
      const app = await openLiveApp({ strategy })
      const cookie = await signInByCookie(app)
      const live = record<Client>((handlers) =>
        connect(app, cookie).auth.onSessionChange.subscribe(undefined, handlers),
      )
      await until(() => live.items.length === 1)
      await app.http({ cookie }).auth.updateSession.mutate({ org: 'acme' })
      await until(() => live.items.length === 2)
      await app.http({ cookie }).auth.signOut.mutate()
      expect(await live.over).toBe('complete')
      expect(live.items.map(orgOf)).toEqual(['none', 'acme', null])
      await until(() => app.openWatches() === 0)
    })

    test('another session of the same person changes nothing here; revoking from there ends this one', async () => {
      const app = await openLiveApp({ strategy })
      const [cookie, other] = [await signInByCookie(app), await signInByCookie(app)]
      const live = record<Client>((handlers) =>
        connect(app, cookie).auth.onSessionChange.subscribe(undefined, handlers),
      )
      await until(() => live.items.length === 1)
      await app.http({ cookie: other }).auth.updateSession.mutate({ org: 'elsewhere' })
      await app.http({ cookie: other }).auth.sessions.revokeOthers.mutate()
      expect(await live.over).toBe('complete')
      expect(live.items.map(orgOf)).toEqual(['none', null])
    })

    test('nobody: null and the end', async () => {
      const app = await openLiveApp({ strategy })
      const live = record<Client>((handlers) => connect(app, 'x=y').auth.onSessionChange.subscribe(undefined, handlers))
      expect(await live.over).toBe('complete')
      expect(live.items).toEqual([null])
    })

    test('its end by time is an end too', async () => {
      const app = await openLiveApp({ strategy, maxAge: '3s' })
      const cookie = await signInByCookie(app)
      const live = record<Client>((handlers) =>
        connect(app, cookie).auth.onSessionChange.subscribe(undefined, handlers),
      )
      expect(await live.over).toBe('complete')
      expect(live.items.map(orgOf)).toEqual(['none', null])
    })

    test('a client that leaves leaves nothing behind', async () => {
      const app = await openLiveApp({ strategy })
      const cookie = await signInByCookie(app)
      const live = record<Client>((handlers) =>
        connect(app, cookie).auth.onSessionChange.subscribe(undefined, handlers),
      )
      await until(() => live.items.length === 1 && app.openWatches() === 1)
      live.stop()
      await until(() => app.openWatches() === 0)
    })
  })
})

test('two instances on one bus hear each other', async () => {
  const [adapter, bus] = [memoryAdapter(), createSessionBus()]
  const [here, there] = [await openLiveApp({ adapter, bus }), await openLiveApp({ adapter, bus })]
  const cookie = await signInByCookie(here)
  const live = record((handlers) => there.socket({ cookie }).auth.onSessionChange.subscribe(undefined, handlers))
  await until(() => live.items.length === 1)
  await here.http({ cookie }).auth.signOut.mutate()
  expect(await live.over).toBe('complete')
})

test('a refresh keeps the stream of an access token alive; without one it ends with AccessTokenExpired, not with null', async () => {
  const app = await openLiveApp({ accessTokenMaxAge: '3s' })
  const tokens = await app.http().auth.signIn.mutate(TOKEN_FLOW)
  if (tokens.status !== 'tokens') throw new Error('no tokens')
  const { accessToken, expiresAt, refreshToken = '' } = tokens
  const live = record((handlers) =>
    app.socket({ params: { accessToken } }).auth.onSessionChange.subscribe(undefined, handlers),
  )
  await until(() => live.items.length === 1)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  const renewed = await app.http().auth.token.mutate({ refreshToken })
  expect(renewed.expiresAt).toBeGreaterThan(expiresAt)
  expect(await live.over).toBe('AccessTokenExpired')
  // Not at the end of the first token, but of the second.
  expect(Date.now() / 1_000).toBeGreaterThanOrEqual(renewed.expiresAt)
  expect(live.items).not.toContain(null)
})
