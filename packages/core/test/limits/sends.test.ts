import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createAuth, definePlugin, memoryAdapter, mutation, tableCounter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { openClock, openLog, ORIGIN, SECRET } from '../support/auth.ts'
import { createBrowser, readKind } from '../support/browser.ts'

/** Sends letters: two to a person, three for a client, five in all, in a minute. */
const post = <const TId extends string>(id: TId, sent: string[]) =>
  definePlugin({
    id,
    setup: () => ({
      operations: {
        letter: mutation({
          access: 'public',
          input: z.object({ to: z.string() }),
          run: async (call, { to }) => {
            const window = 60
            if (call.address !== null) await call.limit({ what: 'client', whom: call.address, max: 3, window })
            await call.limit({ what: 'to', whom: to, max: 2, window })
            await call.limit({ what: 'all', whom: null, max: 5, window })
            sent.push(to)
            return {}
          },
        }),
      },
    }),
  })

function openApp(limits: AnyOptions['limits'] = {}) {
  const clock = openClock()
  const { logger, lines } = openLog()
  const sent: string[] = []
  const auth = createAuth({
    secret: SECRET,
    baseUrl: ORIGIN,
    clock: clock.read,
    logger,
    limits,
    plugins: [post('post', sent), post('pigeon', sent)],
  })
  const request = (to: string, address?: string, plugin = 'post') =>
    createBrowser(auth, address === undefined ? {} : { address }).post(`/auth/${plugin}/letter`, { to })
  const send = async (to: string, address?: string, plugin?: string) =>
    (await readKind(await request(to, address, plugin))) ?? 'sent'
  return { clock, sent, request, send, messages: () => lines.map(({ message }) => message) }
}

describe('C9 call.limit', () => {
  test('per person, however their name is spelled, until the window ends', async () => {
    const { clock, sent, send } = openApp()
    expect([await send('ann@example.com'), await send(' ANN@example.com')]).toEqual(['sent', 'sent'])
    expect([await send('Ann@Example.com'), await send('bob@example.com')]).toEqual(['RateLimited', 'sent'])
    expect(sent).toHaveLength(3)
    clock.turn(60)
    expect(await send('ann@example.com')).toBe('sent')
  })

  test('the answer says when to come back', async () => {
    const { clock, request } = openApp()
    await request('ann')
    clock.turn(20)
    await request('ann')
    const refused = await request('ann')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40'])
  })

  test('P08 per client, however its address is written', async () => {
    const { send } = openApp()
    const spellings = ['2001:db8::1', '2001:DB8:0:0:ffff::2', '2001:db8:0:0::3']
    for (const [index, address] of spellings.entries()) expect(await send(`user${index}`, address)).toBe('sent')
    expect(await send('user4', '2001:0db8::4')).toBe('RateLimited')
    expect(await send('user4', '2001:db8:0:1::1')).toBe('sent')
  })

  test('for everybody', async () => {
    const { send } = openApp()
    for (let index = 0; index < 5; index++) expect(await send(`user${index}`)).toBe('sent')
    expect(await send('user5')).toBe('RateLimited')
  })

  test('each plug-in apart', async () => {
    const { send } = openApp()
    expect([await send('ann'), await send('ann'), await send('ann')]).toEqual(['sent', 'sent', 'RateLimited'])
    expect(await send('ann', undefined, 'pigeon')).toBe('sent')
  })

  test('also where guesses are not limited', async () => {
    const { send } = openApp({ signIn: false })
    expect([await send('ann'), await send('ann'), await send('ann')]).toEqual(['sent', 'sent', 'RateLimited'])
  })

  test('what instances share is one count', async () => {
    const counter = tableCounter(memoryAdapter())
    const apps = [openApp({ counter }), openApp({ counter })]
    const kinds = await Promise.all(Array.from({ length: 20 }, async (_, index) => apps[index % 2]!.send('ann')))
    expect(kinds.filter((kind) => kind === 'sent')).toHaveLength(2)
  })

  test('X02 a counter that fails leaves the limit of this process, and is logged once', async () => {
    const consume = () => Promise.reject(new Error('not connected'))
    const { send, messages } = openApp({ counter: { consume } })
    expect([await send('ann'), await send('ann'), await send('ann')]).toEqual(['sent', 'sent', 'RateLimited'])
    expect(messages()).toEqual([expect.stringMatching(/^limits\.counter failed/)])
  })

  test('an endless name is refused', async () => {
    expect(await openApp().send('x'.repeat(2_000))).toBe('InvalidInput')
  })

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'a limit of %j is a failure of the server',
    async (max) => {
      const { logger } = openLog()
      const odd = definePlugin({
        id: 'odd',
        setup: () => ({
          operations: {
            send: mutation({
              access: 'public',
              run: async (call) => (await call.limit({ what: 'x', whom: null, max, window: 60 }), {}),
            }),
          },
        }),
      })
      const auth = createAuth({ secret: SECRET, baseUrl: ORIGIN, logger, plugins: [odd] })
      expect((await createBrowser(auth).post('/auth/odd/send')).status).toBe(500)
    },
  )
})
