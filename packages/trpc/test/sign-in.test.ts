import { describe, expect, test } from 'vitest'
import { COOKIE, createApp, openEngine } from './support/app.ts'
import { kindOf, LINKS, openBrowser } from './support/browser.ts'
import { ADAPTER_NAMES, ADAPTERS } from './support/server.ts'

const RIGHT = { provider: 'credentials', name: 'ada', password: 'right' } as const

describe.each(ADAPTER_NAMES)('%s', (adapter) => {
  describe.each(['httpLink', 'httpBatchLink'] as const)('%s', (link) => {
    test('signing in sets the cookie, the session reads back as sign-in answered it, signing out clears (S9)', async () => {
      const engine = await openEngine()
      const browser = openBrowser(await ADAPTERS[adapter](createApp(engine)))
      const client = browser.client(link)
      expect(await client.auth.session.query()).toBeNull()

      const answer = await client.auth.signIn.mutate(RIGHT)
      expect(browser.cookies.has(COOKIE)).toBe(true)
      expect(answer).toEqual({ status: 'signedIn', session: await client.auth.session.query() })
      expect(await client.auth.session.query()).toMatchObject({
        user: { id: 'ada' },
        roles: ['member', 'admin'],
        shaped: true,
      })
      expect(await client.me.query()).toMatchObject({ user: { id: 'ada' }, claims: { org: 'acme' } })

      expect(await client.auth.signOut.mutate()).toEqual({ signedOut: true })
      expect(browser.cookies.size).toBe(0)
      expect(await client.auth.session.query()).toBeNull()
      expect(await kindOf(client.me.query())).toBe('SessionRequired')
    })
  })

  test('fact 11 on a streamed response signing in fails before any side effect, with the kind that names the fix', async () => {
    const engine = await openEngine()
    const browser = openBrowser(await ADAPTERS[adapter](createApp(engine)))
    expect(await kindOf(browser.client('httpBatchStreamLink').auth.signIn.mutate(RIGHT))).toBe('ResponseCommitted')
    expect(engine.attempts).toEqual([])
    expect(engine.store.calls).toEqual([])
    expect(browser.cookies.size).toBe(0)
  })

  test('fact 11 on a streamed response signing out and updating fail before any side effect', async () => {
    const engine = await openEngine({ strategy: 'jwt' })
    const browser = openBrowser(await ADAPTERS[adapter](createApp(engine)))
    await browser.client().auth.signIn.mutate(RIGHT)
    const streaming = browser.client('httpBatchStreamLink')
    expect(await kindOf(streaming.auth.signOut.mutate())).toBe('ResponseCommitted')
    expect(await kindOf(streaming.auth.updateSession.mutate({ orgId: 'o_9' }))).toBe('ResponseCommitted')
    expect(await browser.client().auth.session.query()).toMatchObject({
      user: { id: 'ada' },
      claims: { orgId: 'of acme' },
    })
  })

  test.each(LINKS)('reading works over %s', async (link) => {
    const engine = await openEngine()
    const browser = openBrowser(await ADAPTERS[adapter](createApp(engine)))
    await browser.client().auth.signIn.mutate(RIGHT)
    const client = browser.client(link)
    expect(await Promise.all([client.auth.session.query(), client.admin.query(), client.who.query()])).toEqual([
      expect.objectContaining({ shaped: true }),
      'ada',
      'ada',
    ])
  })
})
