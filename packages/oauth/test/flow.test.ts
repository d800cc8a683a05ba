import { afterEach, expect, test } from 'vitest'
import { oidc } from '../src/index.ts'
import { CLIENT } from './support/real-provider.ts'
import { openScene, type Scene, type SceneOptions } from './support/scene.ts'

let scene: Scene
afterEach(() => scene.stop())
const open = async (options?: SceneOptions) => (scene = await openScene(options))

/** Goes to the provider and stops in front of the callback. */
async function comeBack(person: ReturnType<Scene['person']>, input?: object): Promise<URL> {
  const { url } = await person.go((await person.begin(input)).href, ({ pathname }) =>
    pathname.startsWith('/auth/callback'),
  )
  return url
}

const kindOf = (response: Response) => new URL(response.headers.get('location') ?? '').searchParams.get('error')
const flowCookies = ({ client }: ReturnType<Scene['person']>) =>
  [...client.cookies.keys()].filter((name) => name.includes('flow-'))

test('O01 the authorization URL: S256, long state and nonce, our redirect_uri and only what is asked', async () => {
  const { app, op, person } = await open({ entry: { scope: 'openid email', authorizationParams: { prompt: 'login' } } })
  const ann = person()
  const urls = [await ann.begin(), await ann.begin()]
  const [first, second] = urls.map(({ searchParams }) => Object.fromEntries(searchParams))
  expect(urls[0]?.href).toContain(`${op.issuer}/auth?`)
  expect(first).toEqual({
    prompt: 'login',
    response_type: 'code',
    client_id: 'app',
    redirect_uri: `${app.origin}/auth/callback/op`,
    scope: 'openid email',
    state: expect.stringMatching(/^[\da-z]{7}-[\w-]{8}\.[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
  })
  for (const name of ['state', 'nonce', 'code_challenge']) expect(first?.[name]).not.toBe(second?.[name])
})

test('O01 O12 the redirect_uri is never taken from a request', async () => {
  const { app } = await open()
  const response = await fetch(`${app.origin}/auth/signin/op`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-host': 'evil.test', forwarded: 'host=evil.test' },
    body: '{}',
  })
  const { url } = (await response.json()) as { url: string }
  expect(new URL(url).searchParams.get('redirect_uri')).toBe(`${app.origin}/auth/callback/op`)
})

test('X07 sign-ins that were under way when the secret was changed come through, and no longer once the old one is gone', async () => {
  const [OLD, NEW] = ['the secret that everybody had until today', 'the secret that everybody has from now on']
  const { app, again, person } = await open({ secret: OLD })
  const people = Array.from({ length: 20 }, () => person())
  const urls = await Promise.all(people.map((each) => comeBack(each)))
  const baseUrl = app.origin
  const [both, without] = [await again({ baseUrl, secret: [NEW, OLD] }), await again({ baseUrl, secret: NEW })]
  for (const [index, { client }] of people.entries()) {
    const { pathname, search } = urls[index]!
    const cookie = [...client.cookies].map((pair) => pair.join('=')).join('; ')
    const { origin } = index % 2 ? both : without
    const response = await fetch(`${origin}${pathname}${search}`, { redirect: 'manual', headers: { cookie } })
    const isSignedIn = response.headers.getSetCookie().some((header) => /session[^=]*=[^;]/.test(header))
    expect([kindOf(response), isSignedIn]).toEqual(index % 2 ? [null, true] : ['OAuthCallbackError', false])
  }
})

test('O02 a callback that this browser has not asked for signs nobody in', async () => {
  const { person } = await open()
  const [ann, bob] = [person(), person()]
  const url = await comeBack(ann)
  const change = (name: string, value: string | null) => {
    const changed = new URL(url)
    if (value === null) changed.searchParams.delete(name)
    else changed.searchParams.set(name, value)
    return changed.href
  }
  const state = url.searchParams.get('state') ?? ''
  const refused = {
    'without state': [ann, change('state', null)],
    'with an empty state': [ann, change('state', '')],
    'with another state of the same flow': [
      ann,
      change('state', `${state.slice(0, -1)}${state.endsWith('A') ? 'B' : 'A'}`),
    ],
    'with a state twice': [ann, `${url.href}&state=${state}`],
    'in another browser': [bob, url.href],
    'sealed by nobody': [ann, `${url.origin}${url.pathname}?sealed=x`],
  } as const
  for (const [name, [who, target]] of Object.entries(refused)) {
    const response = await who.client.fetch(target)
    expect([name, response.status, kindOf(response)]).toEqual([name, 303, 'OAuthCallbackError'])
    expect(await who.client.whoAmI()).toBeNull()
  }
  // None of them has ended the flow.
  expect(kindOf(await ann.client.fetch(url.href))).toBeNull()
  expect(await ann.client.whoAmI()).not.toBeNull()
})

test('O02 R7 J07 the cookie of a flow is nothing else, and nothing else is one', async () => {
  const { person } = await open()
  const [ann, mallory] = [person(), person()]
  const url = await comeBack(ann)
  const [name = ''] = flowCookies(ann)
  const value = ann.client.cookies.get(name) ?? ''
  mallory.client.cookies.set('latchkey.session', value)
  expect(await mallory.client.whoAmI()).toBeNull()
  await ann.client.fetch(url.href)
  const session = ann.client.cookies.get('latchkey.session') ?? ''
  mallory.client.cookies.clear()
  mallory.client.cookies.set(name, session)
  expect(kindOf(await mallory.client.fetch(url.href))).toBe('OAuthCallbackError')
})

test('O03 what was begun with one provider is not ended by another', async () => {
  const entries = (issuer: string) => ['a', 'b'].map((id) => oidc({ id, issuer, ...CLIENT }))
  const { app, person } = await open({ entries })
  const ann = person()
  const url = await comeBack(ann, { provider: 'a' })
  const mixed = `${app.origin}/auth/callback/b${url.search}`
  expect(kindOf(await ann.client.fetch(mixed))).toBe('OAuthCallbackError')
  expect(await ann.client.whoAmI()).toBeNull()
  expect(kindOf(await ann.client.fetch(url.href))).toBeNull()
  expect(await ann.client.whoAmI()).not.toBeNull()
})

test.each([
  ['another issuer', 'https://evil.test'],
  ['no issuer, though the provider says that it sends one', null],
])('O03 a callback of %s is refused', async (_, iss) => {
  const { person } = await open()
  const ann = person()
  const url = await comeBack(ann)
  expect(url.searchParams.get('iss')).toBe(scene.op.issuer)
  if (iss === null) url.searchParams.delete('iss')
  else url.searchParams.set('iss', iss)
  expect(kindOf(await ann.client.fetch(url.href))).toBe('OAuthCallbackError')
  expect(scene.op.requests).not.toContain('POST /token')
})

test('O05 two tabs may end in either order, and a browser keeps five flows at most', async () => {
  const { person } = await open()
  const ann = person()
  const [first, second] = [await comeBack(ann, { redirectTo: '/1' }), await comeBack(ann, { redirectTo: '/2' })]
  const ends = [await ann.client.fetch(second.href), await ann.client.fetch(first.href)]
  expect(ends.map((end) => new URL(end.headers.get('location') ?? '').pathname)).toEqual(['/2', '/1'])
  expect(flowCookies(ann)).toEqual([])
})

test('O05 the oldest flow makes room, and none lasts longer than a quarter of an hour', async () => {
  const { app, person } = await open({ now: Date.now() })
  const ann = person()
  const urls: URL[] = []
  for (let count = 0; count < 7; count++) {
    urls.push(await comeBack(ann))
    app.wait(1)
  }
  expect(flowCookies(ann)).toHaveLength(5)
  expect(kindOf(await ann.client.fetch(urls[1]?.href ?? ''))).toBe('OAuthCallbackError')
  expect(kindOf(await ann.client.fetch(urls[2]?.href ?? ''))).toBeNull()
  app.wait(15 * 60)
  expect(kindOf(await ann.client.fetch(urls[6]?.href ?? ''))).toBe('OAuthCallbackError')
})

test.each(['jwt', 'database'] as const)('R09 O09 of 20 callbacks at once one signs in (%s)', async (strategy) => {
  const { app, person } = await open({ strategy })
  const ann = person()
  const url = await comeBack(ann)
  const cookie = [...ann.client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => fetch(url, { redirect: 'manual', headers: { cookie } })),
  )
  const sessions = answers.filter((answer) =>
    answer.headers.getSetCookie().some((set) => set.startsWith('latchkey.session=')),
  )
  expect(sessions).toHaveLength(1)
  expect(answers.map((answer) => kindOf(answer)).filter((kind) => kind === 'OAuthCallbackError')).toHaveLength(19)
  expect(app.told.filter(({ name }) => name === 'events.linkAccount')).toHaveLength(1)
  // Once more, with the cookie that the browser no longer has.
  expect(kindOf(await fetch(url, { redirect: 'manual', headers: { cookie } }))).toBe('OAuthCallbackError')
})

test('R09 O09 also for an app without tables or users', async () => {
  const { person } = await open({ adapter: undefined, strategy: 'jwt' } as never) // the tests' app asks for an adapter
  const ann = person()
  const url = await comeBack(ann)
  const cookie = [...ann.client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const again = () => fetch(url, { redirect: 'manual', headers: { cookie } })
  const kinds = (await Promise.all([again(), again(), again()])).map(kindOf)
  expect(kinds.filter((kind) => kind === null)).toHaveLength(1)
  await ann.client.fetch(url.href)
  expect(await ann.client.whoAmI()).toBeNull()
  expect((await ann.signIn()).kind).toBeNull()
  expect(await ann.client.whoAmI()).toBe('op:ann')
})

test('O09 a person who says no ends on the page for errors, and what the provider says of it is shown to nobody', async () => {
  const { app, op, person } = await open({ pages: { error: '/problem?from=auth' } })
  op.person = null
  const ann = person()
  const { url } = await ann.signIn()
  expect(url.href).toBe(`${app.origin}/problem?from=auth&error=AccessDenied`)
})

test('O09 any other error of the provider is one kind', async () => {
  const { person } = await open()
  const ann = person()
  const url = await comeBack(ann)
  url.searchParams.set('error', '<script>alert(1)</script>')
  url.searchParams.set('error_description', '<script>alert(2)</script>')
  const response = await ann.client.fetch(url.href)
  expect(response.headers.get('location')).toMatch(/\/\?error=OAuthCallbackError$/)
})
