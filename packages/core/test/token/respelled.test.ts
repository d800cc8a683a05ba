import { describe, expect, test } from 'vitest'
import { type Auth, createSessionBus, memoryAdapter } from '../../src/index.ts'
import { COOKIE, makeAuth, openClock, ORIGIN } from '../support/auth.ts'
import { createBrowser, readJson } from '../support/browser.ts'
import { createNative } from '../support/native.ts'

interface Spelling {
  readonly spelling: string
  /** Whether a request that says it so is let in while the session lives. */
  readonly taken: boolean
  readonly headers: (token: string) => Record<string, string>
}

const COOKIES: readonly Spelling[] = [
  { spelling: 'as it was set', taken: true, headers: (token) => ({ cookie: `${COOKIE}=${token}` }) },
  { spelling: 'among others', taken: true, headers: (token) => ({ cookie: `a=1;\t${COOKIE}=${token}  ; b=2` }) },
  { spelling: 'in chunks', taken: true, headers: (token) => ({ cookie: inChunks(token) }) },
  { spelling: 'padded', taken: false, headers: (token) => ({ cookie: `${COOKIE}=${token}=` }) },
  { spelling: 'with unused bits set', taken: false, headers: (token) => ({ cookie: `${COOKIE}=${setBits(token)}` }) },
  { spelling: 'quoted', taken: false, headers: (token) => ({ cookie: `${COOKIE}="${token}"` }) },
  { spelling: 'escaped', taken: false, headers: (token) => ({ cookie: `${COOKIE}=${escape(token)}` }) },
  { spelling: 'with a part more', taken: false, headers: (token) => ({ cookie: `${COOKIE}=${token}.` }) },
]

const BEARERS: readonly Spelling[] = [
  { spelling: 'as it was given', taken: true, headers: (token) => ({ authorization: `Bearer ${token}` }) },
  { spelling: 'in another case', taken: true, headers: (token) => ({ authorization: `bEARER ${token}` }) },
  { spelling: 'with blanks', taken: true, headers: (token) => ({ authorization: `Bearer    ${token}  ` }) },
  { spelling: 'padded', taken: false, headers: (token) => ({ authorization: `Bearer ${token}=` }) },
  {
    spelling: 'with unused bits set',
    taken: false,
    headers: (token) => ({ authorization: `Bearer ${setBits(token)}` }),
  },
  { spelling: 'escaped', taken: false, headers: (token) => ({ authorization: `Bearer ${escape(token)}` }) },
  { spelling: 'with a part more', taken: false, headers: (token) => ({ authorization: `Bearer ${token}.` }) },
]

function inChunks(token: string): string {
  return `${COOKIE}.1=${token.slice(100)}; ${COOKIE}.0=${token.slice(0, 100)}`
}

/** A tag of 16 bytes ends in a character with four bits that say nothing; a lax decoder reads the same bytes. */
function setBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1) ?? '') + 1]
}

function escape(token: string): string {
  return token.replaceAll('.', '%2E')
}

/** Two instances that share a store and a bus. */
function openPair() {
  const clock = openClock()
  const [adapter, bus] = [memoryAdapter(), createSessionBus()]
  const open = () =>
    makeAuth({ adapter, bus, clock: clock.read, session: { strategy: 'jwt' }, tokens: { enabled: true } })
  return { clock, instances: [open(), open()] as const }
}

async function whoIs(auth: Auth, headers: Record<string, string>): Promise<string | null> {
  const response = await auth.handler(new Request(`${ORIGIN}/auth/session`, { headers }))
  if (!response.ok) return null
  return (await readJson<{ user: { id: string } } | null>(response))?.user.id ?? null
}

/** Asks twice: once it is opened, then it may be remembered. */
async function whoIsTwice(auth: Auth, headers: Record<string, string>) {
  return [await whoIs(auth, headers), await whoIs(auth, headers)]
}

describe('S03 a re-spelled token of a revoked session stays dead', () => {
  test.each(COOKIES)('at the cookie’s door, $spelling', async ({ taken, headers }) => {
    const { instances } = openPair()
    const browser = createBrowser(instances[0])
    await browser.signIn()
    const sent = headers(browser.cookies.get(COOKIE) ?? '')
    const who = taken ? 'ann' : null
    for (const auth of instances) expect(await whoIsTwice(auth, sent)).toEqual([who, who])
    await browser.signOut()
    for (const auth of instances) expect(await whoIsTwice(auth, sent)).toEqual([null, null])
  })

  test.each(BEARERS)('at the bearer’s door, $spelling', async ({ taken, headers }) => {
    const { instances } = openPair()
    const native = createNative(instances[0])
    const { accessToken, refreshToken } = await native.signIn()
    const sent = headers(accessToken)
    const who = taken ? 'ann' : null
    for (const auth of instances) expect(await whoIsTwice(auth, sent)).toEqual([who, who])
    expect((await native.post('/signout', { refreshToken }, native.bearer(accessToken))).status).toBe(200)
    for (const auth of instances) expect(await whoIsTwice(auth, sent)).toEqual([null, null])
  })

  test('at both doors, as another token of the same session', async () => {
    const { clock, instances } = openPair()
    const browser = createBrowser(instances[0])
    await browser.signIn()
    const first = { cookie: `${COOKIE}=${browser.cookies.get(COOKIE)}` }
    clock.turn(299)
    for (const auth of instances) expect(await whoIsTwice(auth, first)).toEqual(['ann', 'ann'])
    clock.turn(2)
    await browser.session()
    expect(`${COOKIE}=${browser.cookies.get(COOKIE)}`).not.toBe(first.cookie)
    await browser.signOut()
    for (const auth of instances) expect(await whoIsTwice(auth, first)).toEqual([null, null])

    const native = createNative(instances[0])
    const pair = await native.signIn()
    const earlier = native.bearer(pair.accessToken)
    for (const auth of instances) expect(await whoIsTwice(auth, earlier)).toEqual(['ann', 'ann'])
    const later = await native.refresh(pair.refreshToken)
    if (typeof later === 'string') throw new Error(later)
    await native.post('/signout', { refreshToken: later.refreshToken }, native.bearer(later.accessToken))
    for (const auth of instances) expect(await whoIsTwice(auth, earlier)).toEqual([null, null])
  })
})
