import { describe, expect, test } from 'vitest'
import { COOKIE } from './support/app.ts'
import { type Browser, kindOf, LINKS } from './support/browser.ts'
import { openScene } from './support/scene.ts'
import { ADAPTER_NAMES } from './support/server.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const PRIVATE = 'private, no-store'

/** What the last answer says to caches. */
function caching({ responses }: Browser) {
  const headers = responses.at(-1)?.headers
  return { cacheControl: headers?.get('cache-control') ?? null, varies: /\bcookie\b/i.test(headers?.get('vary') ?? '') }
}

describe.each(ADAPTER_NAMES)('%s', (adapter) => {
  test.each(['httpBatchLink', 'httpBatchStreamLink'] as const)(
    'one look-up for ten calls in one request (%s)',
    async (link) => {
      const { engine, browser } = await openScene({ adapter, as: 'ada' })
      const client = browser.client(link)
      await Promise.all(
        Array.from({ length: 10 }, (_, index) => (index % 2 ? client.me.query() : client.admin.query())),
      )
      expect(browser.responses).toHaveLength(1)
      expect(engine.store.calls).toEqual(['getSessionAndUser'])
    },
  )

  test.each(LINKS)('H9 none where nothing asks (%s)', async (link) => {
    const { engine, browser } = await openScene({ adapter, as: 'ada' })
    const client = browser.client(link)
    expect(await Promise.all([client.open.query(), client.open.query()])).toEqual(['open', 'open'])
    expect(engine.store.calls).toEqual([])
  })

  test('C10 an answer that a session was looked up for is kept by no cache, refusals and errors included', async () => {
    const { engine, browser } = await openScene({ adapter })
    const client = browser.client('httpBatchLink')
    expect(await kindOf(client.me.query())).toBe('SessionRequired')
    expect(caching(browser)).toEqual({ cacheControl: PRIVATE, varies: true })
    await client.auth.signIn.mutate({ provider: 'credentials', name: 'ada', password: 'right' })
    expect(caching(browser)).toEqual({ cacheControl: PRIVATE, varies: true })
    await Promise.all([client.open.query(), client.who.query()])
    expect(caching(browser)).toEqual({ cacheControl: PRIVATE, varies: true })
    engine.store.failWith(new Error('the store is down'))
    expect(await kindOf(client.who.query())).toBe('AdapterError')
    expect(caching(browser)).toEqual({ cacheControl: PRIVATE, varies: true })
  })

  test('C10 a public answer says nothing of the kind and sets no cookie, also for someone who is signed in', async () => {
    const { browser } = await openScene({ adapter, as: 'ada' })
    await browser.client('httpBatchLink').open.query()
    expect(caching(browser)).toEqual({ cacheControl: null, varies: false })
    expect(browser.responses.at(-1)?.headers.getSetCookie()).toEqual([])
  })

  test('C10 a streamed answer is kept from caches for whoever sends a session, as its headers leave before anybody asks', async () => {
    const { browser } = await openScene({ adapter, as: 'ada' })
    const client = browser.client('httpBatchStreamLink')
    await client.who.query()
    expect(caching(browser)).toEqual({ cacheControl: PRIVATE, varies: true })
    browser.cookies.clear()
    await client.open.query()
    expect(caching(browser)).toEqual({ cacheControl: null, varies: false })
  })

  describe('sliding (S12, decision 3)', () => {
    test('S07 a session that is due for it is extended by a query, with its cookie and against caches', async () => {
      const { engine, browser } = await openScene({ adapter, as: 'ada' })
      engine.pass(2 * DAY)
      await browser.client('httpBatchLink').me.query()
      expect(engine.store.calls).toEqual(['getSessionAndUser', 'slideSession'])
      expect(browser.responses.at(-1)?.headers.getSetCookie()).toEqual([expect.stringContaining(`${COOKIE}=`)])
      expect(caching(browser)).toEqual({ cacheControl: PRIVATE, varies: true })
    })

    test('not on a stream, whose cookie would be lost: the store stays as it is', async () => {
      const { engine, browser } = await openScene({ adapter, as: 'ada' })
      engine.pass(2 * DAY)
      await browser.client('httpBatchStreamLink').me.query()
      expect(engine.store.calls).toEqual(['getSessionAndUser'])
      expect(browser.responses.at(-1)?.headers.getSetCookie()).toEqual([])
    })

    test('fact 10 with eager also on a stream, once', async () => {
      const { engine, browser } = await openScene({ adapter, as: 'ada', eager: true })
      engine.pass(2 * DAY)
      const client = browser.client('httpBatchStreamLink')
      await Promise.all([client.me.query(), client.open.query(), client.admin.query()])
      expect(engine.store.calls).toEqual(['getSessionAndUser', 'slideSession'])
      expect(browser.responses.at(-1)?.headers.getSetCookie()).toEqual([expect.stringContaining(`${COOKIE}=`)])
      expect(await kindOf(client.auth.signOut.mutate())).toBe('ResponseCommitted')
    })
  })

  test('fact 18 eager fails nothing by itself: with a dead store public calls run, and only those that ask fail', async () => {
    const { engine, browser } = await openScene({ adapter, as: 'ada', eager: true })
    engine.store.failWith(new Error('the store is down'))
    const client = browser.client('httpBatchStreamLink')
    const [open, me] = await Promise.all([client.open.query(), kindOf(client.me.query())])
    expect({ open, me }).toEqual({ open: 'open', me: 'AdapterError' })
    expect(browser.cookies.has(COOKIE)).toBe(true)
  })

  test('fact 18 eager with a cookie that is no good: public calls run', async () => {
    const { browser } = await openScene({ adapter, eager: true })
    browser.cookies.set(COOKIE, 'garbage')
    const client = browser.client('httpBatchStreamLink')
    const [open, me] = await Promise.all([client.open.query(), kindOf(client.me.query())])
    expect({ open, me }).toEqual({ open: 'open', me: 'InvalidToken' })
  })

  test('eager changes nothing for an answer that is not streamed', async () => {
    const { engine, browser } = await openScene({ adapter, as: 'ada', eager: true })
    expect(await browser.client('httpBatchLink').open.query()).toBe('open')
    expect(engine.store.calls).toEqual([])
    expect(caching(browser)).toEqual({ cacheControl: null, varies: false })
  })

  test('C10 eager changes nothing for a stream of nobody either', async () => {
    const { browser } = await openScene({ adapter, eager: true })
    expect(await browser.client('httpBatchStreamLink').open.query()).toBe('open')
    expect(caching(browser)).toEqual({ cacheControl: null, varies: false })
  })

  describe('fact 12 responseMeta of the app', () => {
    const SIGN_IN = { provider: 'credentials', name: 'ada', password: 'right' } as const
    const DEVICE = expect.stringMatching(/latchkey\.device=/)
    const forms = [
      { form: 'as Headers', headers: (entries: readonly [string, string][]) => new Headers([...entries]) },
      { form: 'as an object', headers: (entries: readonly [string, string][]) => Object.fromEntries(entries) },
    ]

    test.each(forms)('its cookies survive beside ours ($form)', async ({ headers }) => {
      const responseMeta = () => ({ headers: headers([['set-cookie', 'theme=dark; Path=/']]) })
      const { browser } = await openScene({ adapter, served: { responseMeta } })
      await browser.client().auth.signIn.mutate(SIGN_IN)
      expect(browser.responses.at(-1)?.headers.getSetCookie()).toEqual([
        'theme=dark; Path=/',
        expect.stringMatching(new RegExp(`^${COOKIE}=.+; Max-Age=`)),
        DEVICE,
      ])
    })

    test.each(forms)('a cookie of our name gives way to ours ($form)', async ({ headers }) => {
      const responseMeta = () => ({ headers: headers([['set-cookie', `${COOKIE}=planted; Path=/`]]) })
      const { browser } = await openScene({ adapter, served: { responseMeta } })
      await browser.client().auth.signIn.mutate(SIGN_IN)
      expect(browser.responses.at(-1)?.headers.getSetCookie()).toEqual([
        expect.stringMatching(new RegExp(`^${COOKIE}=(?!planted).+; HttpOnly; SameSite=Lax; Secure$`)),
        DEVICE,
      ])
    })

    test.each(forms)('C10 its Cache-Control counts for public answers only ($form)', async ({ headers }) => {
      const responseMeta = () => ({ headers: headers([['cache-control', 'public, max-age=60']]) })
      const { browser } = await openScene({ adapter, as: 'ada', served: { responseMeta } })
      await browser.client('httpBatchLink').open.query()
      expect(caching(browser)).toEqual({ cacheControl: 'public, max-age=60', varies: false })
      await browser.client('httpBatchLink').me.query()
      expect(caching(browser)).toEqual({ cacheControl: PRIVATE, varies: true })
    })
  })

  test('fact 13 where a result fails to serialise headers are made twice, and the cookie is still one', async () => {
    const { engine, browser } = await openScene({ adapter, as: 'ada' })
    engine.pass(2 * DAY)
    await expect(browser.client('httpBatchLink').unserialisable.query()).rejects.toThrow()
    const cookies = browser.responses.at(-1)?.headers.getSetCookie() ?? []
    expect(new Set(cookies).size).toBe(1)
    // The Fetch adapter copies what it was given a second time; a browser that takes both ends with the same cookie.
    expect(cookies).toHaveLength(adapter === 'fetch' ? 2 : 1)
    expect(browser.responses.at(-1)?.status).toBe(500)
  })
})
