import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { definePlugin, memoryAdapter, provider } from '../../src/index.ts'
import { makeAuth, openClock } from '../support/auth.ts'
import { createBrowser, parseSetCookie } from '../support/browser.ts'
import { readResult, succeeded } from './lab.ts'

const TEN_MINUTES = 600
const state = z.object({ nonce: z.string() })

/** A service that people are sent to, and come back from with what it was given: `state`. */
const service = definePlugin({
  id: 'service',
  setup: ({ seal, unseal, error }) => ({
    providers: [
      provider({
        id: 'service',
        type: 'oauth',
        input: z.object({}),
        begin: async (_, call) => {
          const nonce = crypto.randomUUID()
          call.setCookie('state', await seal('state', { nonce }, TEN_MINUTES), { maxAge: TEN_MINUTES })
          return { redirect: `https://service.test/authorize?state=${nonce}` }
        },
      }),
      provider({
        id: 'back',
        type: 'oauth',
        input: z.object({ state: z.string() }),
        begin: async (input, call) => {
          const kept = state.safeParse(await unseal('state', call.cookie('state') ?? ''))
          if (kept.data?.nonce !== input.state) throw error('InvalidToken')
          call.setCookie('state', '', { maxAge: 0 })
          return { account: { provider: 'service', type: 'oauth', providerAccountId: '17' }, person: { name: 'Ann' } }
        },
      }),
    ],
  }),
})

function open() {
  const clock = openClock()
  const auth = makeAuth({ adapter: memoryAdapter(), clock: clock.read, plugins: [service] })
  const away = async (browser = createBrowser(auth)) => {
    const { url = '' } = succeeded(await readResult(await browser.post('/auth/signin/service')))
    return { browser, state: new URL(url).searchParams.get('state') }
  }
  const back = async (browser: ReturnType<typeof createBrowser>, given: string | null) =>
    readResult(await browser.post('/auth/signin/back', { state: given }))
  return { clock, away, back, other: () => createBrowser(auth) }
}

describe('the state of a sign-in that leads elsewhere', () => {
  test('is sealed in a cookie that scripts can’t read, for ten minutes', async () => {
    const { away, back } = open()
    const { browser, state } = await away()
    const [cookie, ...others] = browser.setCookies.map(parseSetCookie)
    expect(others).toEqual([])
    expect(cookie?.name).toBe('latchkey.service.state')
    expect(cookie?.value).not.toContain(state)
    expect([...(cookie?.attributes ?? [])]).toEqual([
      ['max-age', '600'],
      ['path', '/'],
      ['httponly', ''],
      ['samesite', 'Lax'],
    ])
    expect(succeeded(await back(browser, state))).toMatchObject({
      status: 'signedIn',
      session: { user: { name: 'Ann' } },
    })
    expect(browser.cookies.has('latchkey.service.state')).toBe(false)
  })

  test('counts in this browser only, for its own sign-in, and not after ten minutes', async () => {
    const { clock, away, back, other } = open()
    const { browser, state } = await away()
    expect(await back(other(), state)).toBe('InvalidToken')
    const { state: foreign } = await away()
    expect(await back(browser, foreign)).toBe('InvalidToken')
    clock.turn(TEN_MINUTES)
    expect(await back(browser, state)).toBe('InvalidToken')
  })

  test('a cookie that is not sealed, or for another purpose, is none', async () => {
    const { away, back } = open()
    const { browser, state } = await away()
    for (const planted of [
      '',
      'x',
      JSON.stringify({ nonce: state }),
      browser.cookies.get('latchkey.service.state')?.slice(1),
    ]) {
      browser.cookies.set('latchkey.service.state', encodeURIComponent(planted ?? ''))
      expect(await back(browser, state)).toBe('InvalidToken')
    }
  })
})
