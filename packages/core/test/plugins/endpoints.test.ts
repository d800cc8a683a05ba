import { expect, test } from 'vitest'
import { createAuth, definePlugin, memoryAdapter, query } from '../../src/index.ts'
import { COOKIE, makeAuth, ORIGIN } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'

/** Leads a browser elsewhere and back, as a service that vouches for people would. */
const portal = definePlugin({
  id: 'portal',
  setup: ({ seal, unseal, safeRedirect }) => ({
    endpoints: {
      leave: {
        method: 'GET',
        run: async (call, request) => {
          const to = new URL(request.url).searchParams.get('to') ?? '/'
          call.setCookie('state', await seal('state', { to }, 60), { maxAge: 60 })
          return Response.redirect('https://portal.example/sign-in')
        },
      },
      callback: {
        method: 'POST',
        path: 'back/here',
        run: async (call) => {
          const state = await unseal('state', call.cookie('state') ?? '')
          if (!state) return new Response('this sign-in was not begun here', { status: 400 })
          call.setCookie('state', '', { maxAge: 0 })
          await call.signIn({ mirror: { id: 'ann', name: 'Ann' } })
          return Response.redirect(await safeRedirect(String(state.to)), 303)
        },
      },
      broken: {
        method: 'GET',
        run: () => {
          throw new Error('the password is hunter2')
        },
      },
    },
  }),
})

async function open() {
  const auth = makeAuth({ adapter: memoryAdapter(), tokens: { enabled: true, alwaysReturn: true }, plugins: [portal] })
  return createBrowser(auth)
}

test('an endpoint redirects, sets cookies of the plug-in’s own, and signs in', async () => {
  const browser = await open()
  const away = await browser.get('/auth/portal/leave?to=/inbox')
  expect(away.status).toBe(302)
  expect(away.headers.get('location')).toBe('https://portal.example/sign-in')
  expect(away.headers.get('cache-control')).toBe('private, no-store')
  expect(browser.cookies.size).toBe(1)
  // The portal posts its form from its own pages.
  const back = await browser.post('/auth/portal/back/here', {}, { origin: 'https://portal.example' })
  expect(back.status).toBe(303)
  expect(back.headers.get('location')).toBe(`${ORIGIN}/inbox`)
  expect([...browser.cookies.keys()]).toEqual([COOKIE])
  expect(await browser.session()).toMatchObject({ user: { id: 'ann' } })
})

test('a callback that this browser didn’t begin signs nobody in', async () => {
  const browser = await open()
  expect((await browser.post('/auth/portal/back/here')).status).toBe(400)
  expect(await browser.session()).toBeNull()
})

test('what it throws is an answer without its message', async () => {
  const response = await (await open()).get('/auth/portal/broken')
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('hunter2')
})

test('it is there with its own method only, and under its plug-in only', async () => {
  const browser = await open()
  expect((await browser.post('/auth/portal/leave')).status).toBe(404)
  expect((await browser.get('/auth/portal/back/here')).status).toBe(404)
  expect((await browser.get('/auth/leave')).status).toBe(404)
  expect((await browser.get('/portal/leave')).status).toBe(404)
})

test('C7 reached over https while baseUrl is development’s default, it sets no cookie', async () => {
  const remember = definePlugin({
    id: 'remember',
    setup: () => ({
      operations: {
        begin: query({ access: 'public', run: ({ setCookie }) => setCookie('seen', '1', { maxAge: 60 }) }),
      },
      endpoints: {
        enter: {
          method: 'GET',
          run: async (call) => Response.json(await call.signIn({ mirror: { id: 'ann' } })),
        },
      },
    }),
  })
  const logger = { error: () => {}, warn: () => {} }
  const { handler } = createAuth({ secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa', logger, plugins: [remember] })
  for (const path of ['enter', 'begin']) {
    const open = (origin: string) => handler(new Request(`${origin}/auth/remember/${path}`))
    expect((await open('http://localhost:3000')).headers.getSetCookie()).toHaveLength(1)
    const deployed = await open('https://app.example')
    expect([deployed.status, deployed.headers.getSetCookie()]).toEqual([500, []])
    expect(await deployed.json()).toMatchObject({ error: { kind: 'Configuration' } })
  }
})

test('an operation and an endpoint can’t have one address', () => {
  const plugin = definePlugin({
    id: 'twice',
    setup: () => ({
      operations: { here: query({ access: 'public', run: () => 1 }) },
      endpoints: { here: { method: 'GET', run: () => new Response() } },
    }),
  })
  expect(() => makeAuth({ plugins: [plugin] })).toThrow(/address GET twice\/here/)
})
