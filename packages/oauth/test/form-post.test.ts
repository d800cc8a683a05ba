import { afterEach, expect, test } from 'vitest'
import { openScene, type Scene } from './support/scene.ts'

let scene: Scene
afterEach(() => scene.stop())

const formPost = { responseMode: 'form_post' } as const

test('O14 a callback by form is sent on with 303 to a GET, which has the cookies of this site', async () => {
  scene = await openScene({ entry: formPost })
  const ann = scene.person()
  const { url } = await ann.signIn()
  expect(url.href).toBe(`${scene.app.origin}/in`)
  expect(await ann.client.whoAmI()).not.toBeNull()
})

test('O14 the POST needs no cookie and no trusted origin, and what it carries is not readable in the address', async () => {
  scene = await openScene({ entry: formPost })
  const { app, person } = scene
  const ann = person()
  const state = (await ann.begin()).searchParams.get('state') ?? ''
  const send = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${app.origin}/auth/${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: 'https://appleid.apple.com', 'sec-fetch-site': 'cross-site', ...headers },
      body: new URLSearchParams({ code: 'the code', state, iss: scene.op.issuer }),
    })
  const response = await send('callback/op')
  expect(response.status).toBe(303)
  const location = response.headers.get('location') ?? ''
  expect(location).toMatch(new RegExp(`^${app.origin}/auth/callback/op\\?sealed=`))
  expect(decodeURIComponent(location)).not.toContain('the code')
  expect(response.headers.getSetCookie()).toEqual([])
  // Only there: any other POST of another site's page is refused.
  expect((await send('signout')).status).toBe(403)
  expect((await send('signin/op')).status).toBe(403)
  // A form that is sealed for this provider, changed, or too late.
  for (const changed of [`${location}x`, location.replace('callback/op', 'callback/none')])
    expect([404, 303]).toContain((await ann.client.fetch(changed)).status)
  expect(await ann.client.whoAmI()).toBeNull()
})

test.each([
  ['JSON', 'application/json', '{"code":"c"}'],
  ['more than a URL takes', 'application/x-www-form-urlencoded', `code=${'x'.repeat(50_000)}`],
  ['nothing', 'application/x-www-form-urlencoded', ''],
])('a form of %s ends on the page for errors', async (_, type, body) => {
  scene = await openScene({ entry: formPost })
  const { app, person } = scene
  const response = await fetch(`${app.origin}/auth/callback/op`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': type },
    body,
  })
  const { url } = await person().go(new URL(response.headers.get('location') ?? '').href)
  expect(
    url.searchParams.get('error') ?? new URL(response.headers.get('location') ?? '').searchParams.get('error'),
  ).toBe('OAuthCallbackError')
})

test('S01 a session that this browser had before ends with the new one', async () => {
  scene = await openScene({ entry: formPost })
  const ann = scene.person()
  await ann.signIn()
  const first = new Map(ann.client.cookies)
  await ann.signIn()
  expect(await ann.client.whoAmI()).not.toBeNull()
  const thief = scene.app.client('cookie')
  for (const [name, value] of first) thief.cookies.set(name, value)
  expect(await thief.whoAmI()).toBeNull()
})

test('what came with the form besides the protocol reaches the profile function', async () => {
  const seen: unknown[] = []
  scene = await openScene({
    entry: {
      ...formPost,
      profile: (profile, { callback }) => {
        seen.push(callback)
        return { name: callback.user ?? String(profile.name) }
      },
    },
  })
  const { app, person } = scene
  const ann = person()
  const start = await ann.begin({ redirectTo: '/in' })
  start.searchParams.set('response_mode', 'query')
  const { url } = await ann.go(start.href, (next) => next.pathname.startsWith('/auth/callback'))
  url.searchParams.set('user', '{"name":{"firstName":"Anna"}}')
  const posted = await fetch(`${app.origin}/auth/callback/op`, {
    method: 'POST',
    redirect: 'manual',
    body: url.searchParams,
  })
  expect((await ann.go(posted.headers.get('location') ?? '')).url.pathname).toBe('/in')
  expect(seen).toEqual([{ user: '{"name":{"firstName":"Anna"}}' }])
})
