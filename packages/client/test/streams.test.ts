import { describe, expect, test } from 'vitest'
import { openApp } from './support/app.ts'
import { openClient } from './support/clients.ts'
import { signIn, until, watch } from './support/session.ts'

describe('server-sent events', () => {
  test('T12: a stream is opened with a ticket, and its URL carries no token', async () => {
    const app = await openApp()
    const { trpc, auth } = openClient(app, 'httpBatchLink')
    await signIn(trpc)
    const feed = watch<number>((handlers) => trpc.feed.subscribe(undefined, handlers))
    await until(() => feed.items.length >= 2)
    expect(app.wire.count('auth.streamTicket')).toBe(1)
    const { accessToken, refreshToken } = (await auth.tokens())!
    const urls = app.wire.urls.join('\n')
    expect(urls).toContain('connectionParams')
    expect(urls).not.toContain(accessToken)
    expect(urls).not.toContain(refreshToken)
  })

  test('a stream whose connection breaks goes on after its last event, with a new ticket', async () => {
    const app = await openApp()
    const { trpc } = openClient(app, 'httpBatchLink')
    await signIn(trpc)
    const feed = watch<number>((handlers) => trpc.feed.subscribe(undefined, handlers))
    await until(() => feed.items.length >= 3)
    app.wire.breakStreams()
    const seen = feed.items.length
    await until(() => feed.items.length >= seen + 3)
    expect(feed.items).toEqual(feed.items.map((_, index) => index + 1))
    expect(app.wire.count('auth.streamTicket')).toBe(2)
  })
})
