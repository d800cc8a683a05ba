import { describe, expect, test } from 'vitest'
import { openApp } from './support/app.ts'
import { openClient } from './support/clients.ts'
import { signIn, until, watch } from './support/session.ts'

const LATER = 16 * 60_000

describe('a socket', () => {
  test('T12: its first message brings the access token; its URL has none', async () => {
    const app = await openApp()
    const { trpc, auth } = openClient(app, 'wsLink')
    await signIn(trpc)
    await expect(trpc.mine.query()).resolves.toBe('ann')
    expect(app.wire.urls.join()).not.toContain((await auth.tokens())!.accessToken)
    expect(app.sockets.clients.size).toBe(1)
  })

  test('that was open before somebody signed in knows it from the next call on, and forgets it again', async () => {
    const app = await openApp()
    const { trpc } = openClient(app, 'wsLink')
    await expect(trpc.open.query()).resolves.toBe('for everybody')
    await expect(trpc.mine.query()).rejects.toMatchObject({ data: { kind: 'SessionRequired' } })
    await signIn(trpc)
    await expect(trpc.mine.query()).resolves.toBe('ann')
    await trpc.auth.signOut.mutate()
    await expect(trpc.mine.query()).rejects.toMatchObject({ data: { kind: 'SessionRequired' } })
    await signIn(trpc, 'ben')
    await expect(trpc.mine.query()).resolves.toBe('ben')
    expect(app.sockets.clients.size).toBe(1)
  })

  test('a renewed access token is presented on it: streams go on, and nothing connects anew', async () => {
    const app = await openApp()
    const { trpc, auth } = openClient(app, 'wsLink')
    await signIn(trpc)
    const feed = watch<number>((handlers) => trpc.feed.subscribe(undefined, handlers))
    await until(() => feed.items.length >= 2)
    const [socket] = app.sockets.clients
    app.clock.ahead = 14 * 60_000
    await auth.refresh()
    app.clock.ahead = LATER
    await expect(trpc.mine.query()).resolves.toBe('ann')
    const seen = feed.items.length
    await until(() => feed.items.length >= seen + 3)
    expect(feed.items).toEqual(feed.items.map((_, index) => index + 1))
    expect([...app.sockets.clients]).toEqual([socket])
    expect(app.state.closed).toBe(0)
  })

  test('that connects anew brings the token of now', async () => {
    const app = await openApp()
    const { trpc } = openClient(app, 'wsLink')
    await signIn(trpc)
    const feed = watch<number>((handlers) => trpc.feed.subscribe(undefined, handlers))
    await until(() => feed.items.length >= 2)
    app.clock.ahead = LATER
    for (const socket of app.sockets.clients) socket.terminate()
    const seen = feed.items.length
    await until(() => feed.items.length >= seen + 3)
    expect(feed.items).toEqual(feed.items.map((_, index) => index + 1))
  })
})

describe('auth.presentToken', () => {
  test('over HTTP is refused: there every request carries its own token', async () => {
    const app = await openApp()
    const { trpc, auth } = openClient(app, 'httpLink')
    await signIn(trpc)
    const { accessToken } = (await auth.tokens())!
    const presented = trpc.auth.presentToken.mutate({ accessToken })
    await expect(presented).rejects.toMatchObject({ data: { kind: 'InvalidInput' } })
  })

  test('J07: accepts an access token and nothing else; what is refused changes nothing', async () => {
    const app = await openApp()
    const { trpc, auth, socket } = openClient(app, 'wsLink')
    await signIn(trpc)
    await trpc.mine.query()
    const { accessToken, refreshToken } = (await auth.tokens())!
    const { ticket } = await trpc.auth.streamTicket.mutate()
    const present = (input: unknown) => presentOn(socket(), input)

    await expect(present({ accessToken })).resolves.toEqual({ presented: true })
    const refused: readonly (readonly [unknown, string])[] = [
      [{ accessToken: refreshToken }, 'InvalidToken'],
      [{ accessToken: ticket }, 'SessionRequired'],
      [{ accessToken: `${accessToken.slice(0, -4)}AAAA` }, 'InvalidToken'],
      [{ accessToken: '' }, 'SessionRequired'],
      [{ accessToken: 7 }, 'InvalidInput'],
      ['text', 'InvalidInput'],
    ]
    for (const [input, kind] of refused) {
      await expect(present(input), JSON.stringify(input)).rejects.toMatchObject({ data: { kind } })
      await expect(trpc.mine.query()).resolves.toBe('ann')
    }
    app.clock.ahead = LATER
    await expect(present({ accessToken })).rejects.toMatchObject({ data: { kind: 'AccessTokenExpired' } })
  })
})

let calls = 1_000
/** `auth.presentToken` as somebody else's client would send it over this socket. */
function presentOn(client: ReturnType<ReturnType<typeof openClient>['socket']>, input: unknown): Promise<unknown> {
  const as = {
    serialize: (data: unknown) => ({ json: data }),
    deserialize: (data: { readonly json: unknown }) => data.json,
  }
  return new Promise((resolve, reject) => {
    client
      .request({
        op: { id: calls++, type: 'mutation', path: 'auth.presentToken', input, signal: null },
        transformer: { input: as, output: as },
      })
      .subscribe({ next: ({ result }) => resolve('data' in result ? result.data : undefined), error: reject })
  })
}
