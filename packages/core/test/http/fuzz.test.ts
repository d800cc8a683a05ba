import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { COOKIE, ORIGIN } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { HOMES, openHome } from '../support/strategies.ts'

const RUNS = 1_500

const name = fc.oneof(
  fc.constantFrom(
    'email',
    'password',
    'provider',
    'flow',
    'refresh',
    'refreshToken',
    'everywhere',
    'org',
    '__proto__',
    'constructor',
    'toString',
    'then',
  ),
  fc.string({ unit: 'binary', maxLength: 10 }),
)
const leaf = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('ann@example.com', 'right', 'token', 'cookie', '\ud800', 'x'.repeat(5_000)),
)
/** As text, for JSON.stringify drops what a hostile client would send. */
const body = fc.oneof(
  fc
    .array(fc.tuple(name, leaf), { maxLength: 6 })
    .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`),
  fc.json(),
  fc.string({ unit: 'binary' }),
)
const action = fc.constantFrom(
  'session',
  'signin/credentials',
  'signin/other',
  'signout',
  'token',
  'providers',
  'nothing',
  '',
  '__proto__',
)
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS')
const header = fc.oneof(
  fc.constantFrom(
    '',
    'Bearer x',
    'Bearer eyJ0eXAiOiJsYXRjaGtleS5hY2Nlc3MifQ....',
    ORIGIN,
    'null',
    'token',
    'cookie',
    'application/json',
    'same-origin',
    'cross-site',
    '%',
    'a, b',
  ),
  // What a header can hold at all: no line breaks, no NUL, nothing above a byte.
  fc.string({
    unit: fc
      .integer({ min: 32, max: 255 })
      .filter((code) => code !== 127)
      .map((code) => String.fromCharCode(code)),
    maxLength: 30,
  }),
)
const headers = fc.record({
  authorization: header,
  origin: fc.oneof({ weight: 3, arbitrary: fc.constant(ORIGIN) }, { weight: 1, arbitrary: header }),
  'content-type': fc.oneof({ weight: 3, arbitrary: fc.constant('application/json') }, { weight: 1, arbitrary: header }),
  'sec-fetch-site': header,
  'x-auth-flow': header,
  'x-forwarded-for': header,
  cookie: fc.oneof(
    header,
    header.map((value) => `${COOKIE}=${value}`),
  ),
})

describe.each(HOMES)('G12 T09 T10 any request; $home', (home) => {
  test(`is answered without a failure of ours, in ${RUNS} cases`, async () => {
    const { auth, adapter, browser, lines } = openHome(home, {
      tokens: { enabled: true },
      claims: { org: z.string() },
      update: z.object({ org: z.string() }),
      trustedProxies: 1,
      limits: { signIn: false },
    })
    await browser.signIn('bob@example.com')
    const mine = [...browser.cookies].map(([key, value]) => `${key}=${value}`).join('; ')
    const property = fc.asyncProperty(
      method,
      action,
      headers,
      body,
      fc.boolean(),
      async (verb, path, sent, text, signedIn) => {
        const request = new Request(`${ORIGIN}/auth/${path}`, {
          method: verb,
          headers: {
            ...sent, // Either of these would rightly end Bob's session.
            ...(signedIn && !path.startsWith('sign') && { cookie: mine }),
          },
          ...(verb !== 'GET' && verb !== 'HEAD' && { body: text.toWellFormed() }),
        })
        const response = await auth.handler(request, { address: '203.0.113.7' })
        expect(response.status).toBeLessThan(500)
        expect(response.headers.get('content-type')).toBe('application/json')
        if (verb !== 'HEAD') JSON.parse(await response.text())
      },
    )
    await fc.assert(property, { numRuns: RUNS })
    expect(lines).toEqual([])
    expect(Object.keys(Object.prototype)).toEqual([])
    // Nobody was made who didn't sign in, and Bob is who he was.
    const strangers = await Promise.all(['', 'undefined', 'null'].map((id) => adapter.getUser(id)))
    expect(strangers).toEqual([null, null, null])
    expect((await createBrowserWith(mine)())?.user.id).toBe('bob')

    function createBrowserWith(cookie: string) {
      const other = createBrowser(auth)
      for (const pair of cookie.split('; '))
        other.cookies.set(pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1))
      return other.session
    }
  })
})
