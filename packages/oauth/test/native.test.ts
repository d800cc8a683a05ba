import { afterEach, describe, expect, test } from 'vitest'
import { NATIVE } from './support/person.ts'
import { createPkce } from './support/pkce.ts'
import { openScene, type Scene, type SceneOptions } from './support/scene.ts'

let scene: Scene
afterEach(() => scene.stop())
const open = async (options?: SceneOptions) => (scene = await openScene(options))

/** A client that keeps tokens begins, and the system's browser comes back with a code. */
async function comeBack(person: ReturnType<Scene['person']>) {
  const { codeVerifier, codeChallenge } = await createPkce()
  const start = await person.begin({ redirectTo: `${NATIVE}?tab=1`, codeChallenge })
  const { url } = await person.go(start.href)
  return { start, url, code: url.searchParams.get('code') ?? '', codeVerifier }
}

describe('T5 the token flow ends in a code that only the client which asked can use', () => {
  test('the browser never sees a token, and the client gets a pair', async () => {
    const { app, person } = await open()
    const ann = person('token')
    const { start, url, code, codeVerifier } = await comeBack(ann)
    expect(start.href).toMatch(new RegExp(`^${app.origin}/auth/oauth/start\\?flow=`))
    expect(url.href).toBe(`${NATIVE}?tab=1&code=${code}`)
    expect(code).toMatch(/^[\w-]{43}$/)
    expect([...ann.browser.cookies.keys()]).toEqual([])
    const { data } = await ann.client.mutate('auth.oauth.exchange', { code, codeVerifier })
    expect(data).toMatchObject({ status: 'tokens', accessToken: expect.any(String), refreshToken: expect.any(String) })
    expect(await ann.client.whoAmI()).not.toBeNull()
  })

  test('a code works once, of many exchanges at once', async () => {
    const { person } = await open()
    const ann = person('token')
    const { code, codeVerifier } = await comeBack(ann)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ann.client.mutate('auth.oauth.exchange', { code, codeVerifier })),
    )
    expect(answers.filter(({ kind }) => kind === null)).toHaveLength(1)
    expect(answers.filter(({ kind }) => kind === 'OAuthCallbackError')).toHaveLength(19)
  })

  test('without its verifier a code is worth nothing, and is used up', async () => {
    const { person } = await open()
    const ann = person('token')
    const { code, codeVerifier } = await comeBack(ann)
    const other = await createPkce()
    const stolen = await person('token').client.mutate('auth.oauth.exchange', {
      code,
      codeVerifier: other.codeVerifier,
    })
    expect(stolen.kind).toBe('OAuthCallbackError')
    expect((await ann.client.mutate('auth.oauth.exchange', { code, codeVerifier })).kind).toBe('OAuthCallbackError')
  })

  test('a code ends after a minute, and what was to begin after five', async () => {
    const { app, person } = await open({ now: Date.now() })
    const ann = person('token')
    const { start, code, codeVerifier } = await comeBack(ann)
    app.wait(61)
    expect((await ann.client.mutate('auth.oauth.exchange', { code, codeVerifier })).kind).toBe('OAuthCallbackError')
    app.wait(240)
    const { url } = await ann.go(start.href)
    expect(url.href).toBe(`${app.origin}/?error=OAuthCallbackError`)
  })

  test('a browser that has not begun there can not end it', async () => {
    const { app, person } = await open()
    const [ann, victim] = [person('token'), person('token')]
    const { codeChallenge } = await createPkce()
    const start = await ann.begin({ redirectTo: NATIVE, codeChallenge })
    const { url } = await ann.go(start.href, ({ pathname }) => pathname.startsWith('/auth/callback'))
    expect((await victim.go(url.href)).url.href).toBe(`${app.origin}/?error=OAuthCallbackError`)
  })

  test('an error goes back to the client as its kind', async () => {
    const { op, person } = await open()
    op.person = null
    const ann = person('token')
    const { url } = await comeBack(ann)
    expect(url.href).toBe(`${NATIVE}?tab=1&error=AccessDenied`)
  })

  test.each([
    ['no challenge', { redirectTo: NATIVE }, 'codeChallenge'],
    ['a plain challenge', { redirectTo: NATIVE, codeChallenge: 'too short' }, 'codeChallenge'],
    ['no address', {}, 'redirectTo'],
    ['an address of another app', { redirectTo: 'app://other/done' }, 'redirectTo'],
    ['an address of another site', { redirectTo: 'https://evil.test/' }, 'redirectTo'],
    ['a script', { redirectTo: 'javascript:alert(1)' }, 'redirectTo'],
  ])('%s is refused before anything begins', async (_, input, field) => {
    const { app, person } = await open()
    const { codeChallenge } = await createPkce()
    const isAboutAddress = field === 'redirectTo'
    const answer = await person('token').client.mutate('auth.signIn', {
      provider: 'op',
      ...(isAboutAddress && { codeChallenge }),
      ...input,
    })
    expect(answer.kind).toBe('InvalidInput')
    expect(answer.error?.fields).toEqual([field])
    expect(app.told).toEqual([])
  })

  test('a page of the app may be where the code goes', async () => {
    const { app, person } = await open()
    const { answer, url } = await person('token').signIn({ redirectTo: '/in?tab=1' })
    expect(url.href).toMatch(new RegExp(`^${app.origin}/in\\?tab=1&code=[\\w-]{43}$`))
    expect(answer?.kind).toBeNull()
  })

  test('a page of another site can not begin it in somebody’s browser', async () => {
    const { app, person } = await open({ trustedOrigins: ['app://host', 'https://web.test'] })
    const ann = person('token')
    const { codeChallenge } = await createPkce()
    const start = await ann.begin({ redirectTo: NATIVE, codeChallenge })
    const openFrom = async (site: string, url: string) => {
      const response = await fetch(url, { redirect: 'manual', headers: { 'sec-fetch-site': site } })
      return response.headers.get('location') ?? ''
    }
    expect(await openFrom('cross-site', start.href)).toBe(`${app.origin}/?error=UntrustedOrigin`)
    // By the system, by a page of the app's, or by one of another site that the app trusts.
    for (const site of ['none', 'same-origin', 'same-site'])
      expect(await openFrom(site, start.href)).toContain('/auth?')
    const asked = await fetch(`${app.origin}/auth/signin/op`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://web.test' },
      body: JSON.stringify({ flow: 'token', redirectTo: 'https://web.test/in', codeChallenge }),
    })
    const { url } = (await asked.json()) as { url: string }
    expect(await openFrom('cross-site', url)).toContain('/auth?')
  })

  test('an app without tables has no codes', async () => {
    const { person } = await open({ adapter: undefined, strategy: 'jwt' } as never) // the tests' app asks for an adapter
    const { codeChallenge } = await createPkce()
    const answer = await person('token').client.mutate('auth.signIn', {
      provider: 'op',
      redirectTo: NATIVE,
      codeChallenge,
    })
    expect([answer.kind, answer.error?.fields]).toEqual(['InvalidInput', ['flow']])
  })

  test('callbacks.redirect is not asked', async () => {
    const redirect = () => {
      throw new Error('it was asked')
    }
    const { person } = await open({ callbacks: { redirect } })
    expect((await person('token').signIn()).kind).toBeNull()
  })
})
