import { createAuth, definePlugin, mutation, query, subscription } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

const ORIGIN = 'http://app.test'

function openApp() {
  const visits = definePlugin({
    id: 'visits',
    setup: () => ({
      operations: {
        set: mutation({
          access: 'public',
          input: z.object({ name: z.string(), value: z.string(), maxAge: z.number() }),
          run: ({ setCookie }, { name, value, maxAge }) => setCookie(name, value, { maxAge }),
        }),
        begin: query({ access: 'public', run: ({ setCookie }) => setCookie('seen', '1', { maxAge: 60 }) }),
        count: query({ access: 'public', run: ({ cookie }) => cookie('seen') }),
        ticks: subscription({
          access: 'public',
          http: { method: 'GET', path: 'visits/ticks' },
          async *run() {
            yield 1
          },
        }),
      },
    }),
  })
  const { handler } = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: ORIGIN,
    logger: { error: () => {}, warn: () => {} },
    plugins: [visits],
  })
  const get = (path: string, headers: Record<string, string> = {}) =>
    handler(new Request(`${ORIGIN}/auth/visits/${path}`, { headers }))
  const set = (input: object) =>
    handler(
      new Request(`${ORIGIN}/auth/visits/set`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: ORIGIN },
        body: JSON.stringify({ maxAge: 60, value: 'x', name: 'seen', ...input }),
      }),
    )
  return { get, set }
}

describe('cookies of plug-ins', () => {
  test('C10 a response that sets one, or depends on one, is kept out of caches', async () => {
    const { get } = openApp()
    for (const response of [await get('begin'), await get('count', { cookie: 'latchkey.visits.seen=1' })]) {
      expect(response.status).toBe(200)
      expect(response.headers.get('cache-control')).toBe('private, no-store')
      expect(response.headers.get('vary')).toBe('Cookie')
    }
  })

  test.each(['a=b; Domain=evil.test; x', 'a;b', 'a b', 'a\r\nset-cookie: b', 'a.0', 'ä', ''])(
    'a name writes no attribute, no header and no chunk of another: %j',
    async (name) => {
      const response = await openApp().set({ name })
      expect([response.status, response.headers.getSetCookie()]).toEqual([500, []])
    },
  )

  test.each(['; Domain=evil.test', 'a\r\nb', '"', '%', 'ä\u{1F511}'])(
    'a value comes back as it was: %j',
    async (value) => {
      const { get, set } = openApp()
      const [header = ''] = (await set({ value })).headers.getSetCookie()
      const [cookie = '', ...attributes] = header.split('; ')
      expect(attributes).toEqual(['Max-Age=60', 'Path=/', 'HttpOnly', 'SameSite=Lax'])
      expect(await (await get('count', { cookie })).json()).toBe(value)
    },
  )

  test('a value that is no whole text can be sent', async () => {
    const response = await openApp().set({ value: 'a\ud800' })
    expect(response.headers.getSetCookie()).toEqual([expect.stringContaining('=a%EF%BF%BD;')])
  })

  test('X11 one that browsers would drop is an error', async () => {
    const { set } = openApp()
    const room = 4_096 - 'latchkey.visits.seen'.length
    expect((await set({ value: 'x'.repeat(room) })).headers.getSetCookie()).toHaveLength(1)
    const response = await set({ value: 'x'.repeat(room + 1) })
    expect([response.status, response.headers.getSetCookie()]).toEqual([500, []])
  })

  test('a life is in whole seconds', async () => {
    const response = await openApp().set({ maxAge: 1.5 })
    expect([response.status, response.headers.getSetCookie()]).toEqual([500, []])
  })
})

test('a subscription has no address, whatever it says', async () => {
  expect((await openApp().get('ticks')).status).toBe(404)
})
