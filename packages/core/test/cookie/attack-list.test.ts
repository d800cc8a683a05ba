import { encode as encodeAuthJs } from '@auth/core/jwt'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { HTTPS_COOKIE, HTTPS_ORIGIN, SECRET } from '../support/auth.ts'
import { createBrowser, readJson } from '../support/browser.ts'
import { HOMES, openHome } from '../support/strategies.ts'
import { describeVectors } from '../support/vectors.ts'

const C = HTTPS_COOKIE

interface Values {
  /** A's live session token, and B's, who attacks. */
  readonly valid: string
  readonly att: string
}

interface Case {
  readonly cookie: (values: Values) => string | Promise<string>
  /** Whom it lets in. */
  readonly user?: 'a' | 'b'
}

const half = (value: string) => Math.ceil(value.length / 2)

/** Every case of the published list, by its text, with our cookie's name; and what we promise of it. */
const CASES: Readonly<Record<string, Case>> = {
  // The first counts, as browsers send the one first that is bound most closely (RFC 6265bis section 5.8.3).
  '__Host-session=VALID; __Host-session=ATT': { cookie: ({ valid, att }) => `${C}=${valid}; ${C}=${att}`, user: 'a' },
  'session=ATT (un-prefixed fallback while server runs on https)': { cookie: ({ att }) => `latchkey.session=${att}` },
  '__host-session=ATT': { cookie: ({ att }) => `__host-latchkey.session=${att}` },
  // We never quote; what is quoted isn't ours.
  '__Host-session="VALID"': { cookie: ({ valid }) => `${C}="${valid}"` },
  '__Host-session=%': { cookie: () => `${C}=%` },
  '__Host-session=%E0%A4%A': { cookie: () => `${C}=%E0%A4%A` },
  '__Host-session.0=A; __Host-session.2=C (gap)': {
    cookie: ({ valid }) => `${C}.0=${valid.slice(0, half(valid))}; ${C}.2=${valid.slice(half(valid))}`,
  },
  '__Host-session.1=B; __Host-session.0=A (reordered, >10 chunks: .10 sorts after .9 numerically)': {
    cookie: ({ valid }) => {
      const size = Math.ceil(valid.length / 12)
      const chunks = Array.from(
        { length: 12 },
        (_, index) => `${C}.${index}=${valid.slice(index * size, (index + 1) * size)}`,
      )
      return chunks.toSorted().toReversed().join('; ')
    },
    user: 'a',
  },
  '200 x __Host-session.N chunks': {
    cookie: () => Array.from({ length: 200 }, (_, index) => `${C}.${index}=${'A'.repeat(40)}`).join('; '),
  },
  '__Host-session=VALID (state/PKCE/nonce cookie value pasted here)': {
    cookie: async () =>
      `${C}=${await encodeAuthJs({ token: { sub: 'a', value: 'x' }, secret: SECRET, salt: '__Secure-authjs.state' })}`,
  },
  '__proto__=x; constructor=y; __Host-session=VALID': {
    cookie: ({ valid }) => `__proto__=x; constructor=y; ${C}=${valid}`,
    user: 'a',
  },
  '16 KB of cookies + VALID': {
    cookie: ({ valid }) =>
      `${Array.from({ length: 400 }, (_, index) => `c${index}=${'x'.repeat(40)}`).join('; ')}; ${C}=${valid}`,
    user: 'a',
  },
}

/** And some that the list doesn't have. */
const MORE: Readonly<Record<string, Case>> = {
  'valid, alone': { cookie: ({ valid }) => `${C}=${valid}`, user: 'a' },
  'valid, without a space before': { cookie: ({ valid }) => `theme=dark;${C}=${valid}`, user: 'a' },
  'valid, with empty pairs around': { cookie: ({ valid }) => `; ;;${C}=${valid};; `, user: 'a' },
  'valid, after one without a value': { cookie: ({ valid }) => `flag; ${C}=${valid}; =x; =`, user: 'a' },
  'valid, after one that mentions our name': {
    cookie: ({ valid, att }) => `last=${C}=${att}; ${C}=${valid}`,
    user: 'a',
  },
  'valid, after one whose name ends in ours': { cookie: ({ valid, att }) => `x${C}=${att}; ${C}=${valid}`, user: 'a' },
  'valid, after one whose name begins like ours': {
    cookie: ({ valid, att }) => `${C}2=${att}; ${C}-old=${att}; ${C}=${valid}`,
    user: 'a',
  },
  'nothing but our name': { cookie: () => C },
  'our name in a value only': { cookie: ({ att }) => `x=${C}=${att}` },
  'our name, empty': { cookie: () => `${C}=` },
  'valid, after an empty one': { cookie: ({ valid }) => `${C}=; ${C}=${valid}` },
  'two values in one': { cookie: ({ valid, att }) => `${C}=${valid},${att}` },
  'two headers joined by a comma': { cookie: ({ valid, att }) => `a=b, ${C}=${att}; ${C}=${valid}`, user: 'a' },
  'bytes above ASCII': { cookie: () => `${C}=\u00ff\u00fe\u00fd` },
  'white space within': { cookie: ({ valid }) => `${C}=${valid.slice(0, 20)} ${valid.slice(20)}` },
  'a name that is encoded': { cookie: ({ att }) => `%5F%5FHost-latchkey.session=${att}` },
  '100,000 semicolons': { cookie: () => ';'.repeat(100_000) },
  '100,000 times the beginning of our name': { cookie: () => `${C}.`.repeat(5_000) },
  '100,000 spaces before it': { cookie: ({ valid }) => `${' '.repeat(100_000)}${C}=${valid}`, user: 'a' },
}

describe.each(HOMES)('cookies.json, $home', (home) => {
  test.each(Object.entries({ ...MORE, ...CASES }))('J13 S06 %s', async (_, { cookie, user }) => {
    const { auth, lines } = openHome(home, { baseUrl: HTTPS_ORIGIN })
    const take = async (email: string) => {
      const browser = createBrowser(auth, { origin: HTTPS_ORIGIN })
      await browser.signIn(email)
      return browser.cookies.get(C) ?? ''
    }
    const header = await cookie({ valid: await take('a@example.com'), att: await take('b@example.com') })
    const request = new Request(`${HTTPS_ORIGIN}/auth/session`, { headers: { cookie: header } })
    const response = await auth.handler(request)
    expect(response.status).toBe(200)
    expect((await readJson<{ user: { id: string } } | null>(response))?.user.id).toBe(user)
    expect(lines).toEqual([])
  })
})

describeVectors('S06 attack-lists/cookies.json', (read) => {
  const { cases } = read('attack-lists/cookies.json', z.object({ cases: z.array(z.object({ cookie: z.string() })) }))

  test('has 12 cases, and each of them is carried out here', () => {
    expect(cases).toHaveLength(12)
    expect(cases.map(({ cookie }) => cookie).filter((cookie) => !Object.hasOwn(CASES, cookie))).toEqual([])
  })
})
