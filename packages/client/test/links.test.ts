import { describe, expect, test } from 'vitest'
import { openApp } from './support/app.ts'
import { type LinkName, openClient } from './support/clients.ts'
import { signIn, watch, until } from './support/session.ts'

const LINKS: readonly LinkName[] = [
  'httpLink',
  'httpBatchLink',
  'httpBatchStreamLink',
  'httpSubscriptionLink',
  'wsLink',
]
/** Past every access token, and by the server's clock alone: this client believes that its own still lives. */
const LATER = 16 * 60_000

describe.each(LINKS)('through %s', (name) => {
  test('R11: 20 calls refused as AccessTokenExpired cost one refresh, and all succeed', async () => {
    const app = await openApp()
    const { trpc } = openClient(app, name)
    await signIn(trpc)
    await trpc.mine.query()
    app.clock.ahead = LATER

    const answers = await Promise.all([
      ...Array.from({ length: 18 }, (_, call) => trpc.mine.query(call)),
      trpc.write.mutate(),
      trpc.write.mutate(),
    ])
    expect(answers.slice(0, 18)).toEqual(Array.from({ length: 18 }, (_, call) => `ann ${call}`))
    expect(app.wire.count('auth.token')).toBe(1)
    expect(app.state.runs).toBe(2)
  })

  test('R11: FORBIDDEN never refreshes', async () => {
    const app = await openApp()
    const { trpc } = openClient(app, name)
    await signIn(trpc)
    await expect(trpc.admin.query()).rejects.toMatchObject({ data: { code: 'FORBIDDEN', kind: 'AccessDenied' } })
    expect(app.wire.count('auth.token')).toBe(0)
  })

  test('R11: a call that is refused again is not tried a third time', async () => {
    const app = await openApp()
    const { trpc } = openClient(app, name)
    await signIn(trpc)
    await expect(trpc.stubborn.query()).rejects.toMatchObject({ data: { kind: 'AccessTokenExpired' } })
    expect(app.wire.count('auth.token')).toBe(1)
  })

  test('R11: a stream whose access token has expired begins anew after its last event', async () => {
    const app = await openApp()
    const { trpc } = openClient(app, name)
    await signIn(trpc)
    app.clock.ahead = LATER
    const feed = watch<number>((handlers) => trpc.feed.subscribe(undefined, handlers))
    await until(() => feed.items.length >= 3)
    expect(feed.items.slice(0, 3)).toEqual([1, 2, 3])
    expect(app.wire.count('auth.token')).toBe(1)
  })

  test('R11: a stream that is refused again and again ends', async () => {
    const app = await openApp()
    const { trpc } = openClient(app, name)
    await signIn(trpc)
    const feed = watch<string>((handlers) => trpc.stubbornFeed.subscribe(undefined, handlers))
    expect(await feed.over).toBe('AccessTokenExpired')
    expect(app.state.runs).toBe(2)
    expect(app.wire.count('auth.token')).toBe(1)
  })
})
