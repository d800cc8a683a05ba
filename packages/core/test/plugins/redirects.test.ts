import { expect, test } from 'vitest'
import { AuthError, createAuth, definePlugin, memoryAdapter, signInMutation } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { makeAuth, openLog, ORIGIN, SECRET } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { z } from 'zod'

/** A service that sends browsers back to an address which is registered there; `to` and `as` are what a test wants of it. */
const portal = definePlugin({
  id: 'portal',
  setup: () => ({
    factors: { code: { isDue: ({ user }) => user.id === 'careful' } },
    operations: {
      verify: signInMutation({
        input: z.object({ challenge: z.string() }),
        run: async (call, { challenge }) => call.finish(await call.pending(challenge), 'code'),
      }),
    },
    endpoints: {
      callback: {
        method: 'GET',
        path: '/callback/portal',
        run: async (call, request) => {
          const asked = new URL(request.url).searchParams
          const id = asked.get('as')
          const to = asked.get('to') ?? '/'
          if (id === null) return call.redirect(to)
          return call.redirect(to, async () => {
            if (id === 'refused') throw new AuthError('AccessDenied', { detail: 'the reason is secret' })
            if (id === 'broken') throw new Error('the password is hunter2')
            return call.signIn({ mirror: { id } })
          })
        },
      },
    },
  }),
})

function open(options: Partial<AnyOptions> = {}) {
  const { logger, lines } = openLog()
  const auth = makeAuth({ adapter: memoryAdapter(), logger, plugins: [portal], ...options })
  const browser = createBrowser(auth)
  const visit = async (query: string) => {
    const response = await browser.get(`/auth/callback/portal?${query}`)
    return { status: response.status, location: response.headers.get('location') }
  }
  return { browser, visit, lines }
}

test('O14 an endpoint at a registered address signs in and redirects with 303', async () => {
  const { browser, visit } = open()
  expect(await visit('as=ann&to=/inbox')).toEqual({ status: 303, location: `${ORIGIN}/inbox` })
  expect(await browser.session()).toMatchObject({ user: { id: 'ann' } })
  expect((await browser.get('/auth/portal/callback/portal')).status).toBe(404)
})

test('a redirect without a sign-in', async () => {
  expect(await open().visit('to=/inbox')).toEqual({ status: 303, location: `${ORIGIN}/inbox` })
})

test.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', 'http://%', 'data:,x'])(
  'O11 %s is no page of the app',
  async (to) => {
    const { location } = await open().visit(`as=ann&to=${encodeURIComponent(to)}`)
    expect(location === null ? null : new URL(location).origin).toBe(ORIGIN)
  },
)

test('a second factor that is due is asked for on the page for it, out of sight of servers', async () => {
  const { location: here } = await open().visit('as=careful&to=/inbox')
  expect(here).toMatch(new RegExp(`^${ORIGIN}/inbox#challenge=[\\w-]{43}&expiresIn=300&factors=code$`))
  const { browser, visit } = open({ pages: { challenge: '/second-step' } })
  const { location } = await visit('as=careful&to=/inbox')
  expect(location).toMatch(new RegExp(`^${ORIGIN}/second-step#challenge=`))
  expect(await browser.session()).toBeNull()
})

test.each([
  { as: 'refused', kind: 'AccessDenied', logged: 0 },
  { as: 'broken', kind: 'CallbackRouteError', logged: 1 },
])('a sign-in that is $as ends on the page for errors, with its kind alone', async ({ as, kind, logged }) => {
  expect((await open().visit(`as=${as}`)).location).toBe(`${ORIGIN}/?error=${kind}`)
  const { browser, visit, lines } = open({ pages: { error: '/sign-in?tab=portal' } })
  expect(await visit(`as=${as}&to=/inbox`)).toEqual({
    status: 303,
    location: `${ORIGIN}/sign-in?tab=portal&error=${kind}`,
  })
  expect(await browser.session()).toBeNull()
  expect(lines).toHaveLength(logged)
})

test('callbacks.signIn that names a page sends them there', async () => {
  const { visit } = open({ callbacks: { signIn: () => '/members-only' } })
  expect((await visit('as=ann&to=/inbox')).location).toBe(`${ORIGIN}/members-only`)
})

test.each(['sign-in', '//evil.example', 'javascript:alert(1)', 7])('C7 pages.error %s is refused', (error) => {
  const options = { secret: SECRET, pages: { error } } as { secret: string; pages: { error: string } } // as from JavaScript
  expect(() => createAuth(options)).toThrow(/pages\.error/)
})

test('a page on a site that is not trusted becomes the app’s own address', async () => {
  const { visit } = open({ pages: { error: 'https://evil.example/x' } })
  expect((await visit('as=refused')).location).toBe(`${ORIGIN}/?error=AccessDenied`)
})
