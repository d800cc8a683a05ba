import { describe, expect, test } from 'vitest'
import { generateKeyPairSync, sign as signWith } from 'node:crypto'
import { COOKIE, ORIGIN } from '../support/auth.ts'
import { createBrowser, readJson, readKind } from '../support/browser.ts'
import { DOORS, forge, openHouse } from '../support/doors.ts'
import { encode } from '../support/forge.ts'
import { sendRaw, serve } from '../support/server.ts'

interface Session {
  readonly user: { readonly id: string }
}

/** An id_token as an identity provider signs it, for our audience even. */
function idToken(now: number): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const claims = { iss: 'https://accounts.idp.test', aud: ORIGIN, sub: 'mallory', iat: now, exp: now + 600 }
  const body = `${encode({ alg: 'RS256', kid: 'idp-1', typ: 'JWT' })}.${encode(claims)}`
  return `${body}.${signWith('sha256', Buffer.from(body), privateKey).toString('base64url')}`
}

const LONG = 'a'.repeat(100_000)

/** Not ours: as if it weren't there. */
const GARBAGE: Readonly<Record<string, (now: number) => string>> = {
  'an empty header': () => '',
  'the scheme alone': () => 'Bearer',
  'the scheme and a space': () => 'Bearer ',
  'a percent (GHSA-xmf8-cvqr-rfgj)': () => 'Bearer %',
  'broken percent-encoding': () => 'Bearer %E0%A4%A',
  'two spaces and a word': () => 'bearer  x',
  'no space': () => 'Bearerx',
  'a tab': () => 'Bearer\tx',
  'another scheme': () => 'Basic YW5uOnJpZ2h0',
  'a scheme in disguise': () => 'X-Bearer x.y.z',
  'two headers, joined by a comma': () => 'Bearer a.b.c, Bearer d.e.f',
  'a quoted token': () => 'Bearer "a.b.c"',
  parameters: () => 'Bearer realm="x", error="y"',
  dots: () => 'Bearer .....',
  'a JWS of nobody': () => `Bearer ${encode({ alg: 'none' })}.${encode({ sub: 'ann' })}.`,
  'an id_token of an IdP': (now) => `Bearer ${idToken(now)}`,
  'a header that is a list': () => `Bearer ${encode('["latchkey.access"]')}....`,
  'a header that is null': () => `Bearer ${encode('null')}....`,
  'a typ of another kind of value': () => `Bearer ${encode({ typ: ['latchkey.access'] })}....`,
  'a typ that an object inherits': () => `Bearer ${encode({ typ: 'constructor' })}....`,
  'bytes above ASCII': () => 'Bearer \xff\xfe\xfd',
  '100 KB': () => `Bearer ${LONG}`,
  '100 KB of spaces': () => `Bearer${' '.repeat(100_000)}!`,
  'our session cookie': (now) => `Bearer ${tokenFor('session cookie', now)}`,
  'our ticket': (now) => `Bearer ${tokenFor('ticket', now)}`,
}

/** Ours by their own header, and no good. */
const BROKEN: Readonly<Record<string, { readonly make: (now: number) => string; readonly kind: string }>> = {
  'nothing but our header': { make: () => `Bearer ${encode({ typ: 'latchkey.access' })}....`, kind: 'InvalidToken' },
  'our header, in JWS form': {
    make: (now) =>
      `Bearer ${encode({ alg: 'none', typ: 'latchkey.access' })}.${encode({ sub: 'ann', exp: now + 60 })}.`,
    kind: 'InvalidToken',
  },
  'another key': {
    make: (now) => `Bearer ${tokenFor('access token', now, { secret: 'somebody else keeps this secret' })}`,
    kind: 'InvalidToken',
  },
  'a cut one': { make: (now) => `Bearer ${tokenFor('access token', now).slice(0, -3)}`, kind: 'InvalidToken' },
  'an expired one': { make: (now) => `Bearer ${tokenFor('access token', now - 901)}`, kind: 'AccessTokenExpired' },
  'a refresh token': { make: (now) => `bEARER ${tokenFor('refresh token', now)}`, kind: 'InvalidToken' },
  '12 KB': { make: () => `Bearer ${encode({ typ: 'latchkey.access' })}.${'a'.repeat(12_000)}`, kind: 'InvalidToken' },
}

function tokenFor(kind: string, now: number, options: { readonly secret?: string } = {}): string {
  const door = DOORS.find((candidate) => candidate.kind === kind)
  if (!door) throw new Error(`there is no door for ${kind}`)
  return forge(door, now, options)
}

async function openSignedIn(tokens: { readonly enabled: boolean }) {
  const { auth, clock } = openHouse({ tokens })
  const browser = createBrowser(auth)
  await browser.signIn()
  const anonymous = createBrowser(auth)
  const get = (from: typeof browser, authorization: string) => from.get('/auth/session', { authorization })
  return { auth, clock, browser, anonymous, get }
}

describe('J15 the Authorization header', () => {
  test.each(['Bearer', 'bearer', 'BEARER'])(
    '"%s": an access token of ours is taken, before the cookie',
    async (scheme) => {
      const { clock, browser, get } = await openSignedIn({ enabled: true })
      await browser.signIn('bob@example.com')
      const response = await get(browser, `${scheme} ${tokenFor('access token', clock.seconds())}`)
      expect(await readJson<Session>(response)).toMatchObject({ user: { id: 'ann' } })
    },
  )

  describe.each([{ enabled: true }, { enabled: false }])('bearer tokens enabled: $enabled', ({ enabled }) => {
    test.each(Object.entries(GARBAGE))('%s is as if it were not there', async (_, make) => {
      const { clock, browser, anonymous, get } = await openSignedIn({ enabled })
      const authorization = make(clock.seconds())
      expect(await readJson<Session>(await get(browser, authorization))).toMatchObject({ user: { id: 'ann' } })
      const response = await get(anonymous, authorization)
      expect(response.status).toBe(200)
      expect(await response.json()).toBeNull()
    })
  })

  test.each(Object.entries(BROKEN))(
    'T11 ours and no good: %s is never passed over in favour of the cookie',
    async (_, { make, kind }) => {
      const { clock, browser, anonymous, get } = await openSignedIn({ enabled: true })
      for (const each of [browser, anonymous]) {
        const response = await get(each, make(clock.seconds()))
        expect(response.status).toBe(401)
        expect(await readKind(response)).toBe(kind)
        expect(response.headers.getSetCookie()).toEqual([])
      }
      // It is the bearer that is no good: the cookie beside it is left alone.
      expect((await browser.session())?.user.id).toBe('ann')
    },
  )

  test.each(Object.entries(BROKEN))('bearer tokens off: %s does not matter', async (_, { make }) => {
    const { clock, browser, get } = await openSignedIn({ enabled: false })
    expect(await readJson<Session>(await get(browser, make(clock.seconds())))).toMatchObject({ user: { id: 'ann' } })
  })

  test('J15 over a real server, where two such headers arrive as one: the first counts', async () => {
    const { auth, clock } = openHouse({ clock: () => new Date() })
    const now = Math.floor(Date.now() / 1_000)
    expect(clock.seconds()).toBeLessThan(now)
    const { port } = await serve(auth.handler)
    const good = tokenFor('access token', now)
    const ask = (lines: string) =>
      sendRaw(port, `GET /auth/session HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n\r\n`)
    expect(await ask(`Authorization: Bearer ${good}`)).toContain('"id":"ann"')
    expect(await ask(`Authorization: Bearer ${good}\r\nAuthorization: Bearer %`)).toContain('"id":"ann"')
    expect(await ask(`Authorization: Bearer %\r\nAuthorization: Bearer ${good}`)).toMatch(/200 OK[^]*null/)
    expect(await ask(`Authorization: Bearer ${good}, Bearer ${good}`)).toMatch(/200 OK[^]*null/)
  })

  test('C8 a bearer of ours that is no good does not open the way for a cookie from elsewhere', async () => {
    const { clock, browser } = await openSignedIn({ enabled: true })
    const authorization = BROKEN['another key']?.make(clock.seconds()) ?? ''
    const response = await browser.post(
      '/auth/signout',
      {},
      { authorization, origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
    )
    expect(response.headers.getSetCookie()).toEqual([])
    expect((await browser.session())?.user.id).toBe('ann')
    expect(browser.cookies.has(COOKIE)).toBe(true)
  })
})
