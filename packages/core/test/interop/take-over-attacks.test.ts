import { hkdfSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { COOKIE, HTTPS_ORIGIN, makeAuth, ORIGIN, SECRET } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { deriveKey, type Enc, seal, sign } from '../support/forge.ts'
import { LIBRARIES, type Library, NAMES, openOldApp } from '../support/old-app.ts'
import { inChunks, openTakingOver } from '../support/take-over.ts'

const ANN = { sub: 'ann', name: 'Ann', email: 'ann@example.com' }
const OTHER_SECRET = 'the secret of an app that is none of ours'
const other = (from: Library): Library => (from === 'authjs' ? 'next-auth' : 'authjs')

/** The key that version 4 derives for a salt, as long as asked. */
function nextAuthKey(salt = '', bytes = 32, secret = SECRET): Buffer {
  const info = `NextAuth.js Generated Encryption Key${salt && ` (${salt})`}`
  return Buffer.from(hkdfSync('sha256', secret, salt, info, bytes))
}

interface Workshop {
  readonly from: Library
  readonly now: number
  /** Ann's claims, with their times. */
  readonly claims: Record<string, unknown>
  /** What this app has given to Ann in its own cookie. */
  readonly ours: string
}

const HEADER = { alg: 'dir', enc: 'A256GCM' }
const rightKey = (from: Library, enc: Enc = 'A256GCM') =>
  from === 'next-auth' ? nextAuthKey() : deriveKey(SECRET, NAMES.authjs, enc)
const app = ({ from, now }: Workshop, options = {}) => openOldApp(from, () => now, options)
const gcm = ({ from, claims }: Workshop, header: object | string = HEADER) =>
  seal({ key: rightKey(from), payload: claims, header })
const withClaims = (workshop: Workshop, change: object) => app(workshop).seal({ ...workshop.claims, ...change })

/** `user` null: refused. */
const CASES: Record<string, { readonly make: (workshop: Workshop) => string; readonly user?: 'ann' }> = {
  'as the old app writes it': { make: (w) => app(w).seal(w.claims), user: 'ann' },
  'in A256GCM, without a kid': { make: gcm, user: 'ann' },
  'exp a second ahead': { make: (w) => withClaims(w, { exp: w.now + 1 }), user: 'ann' },
  "the other library's": { make: (w) => openOldApp(other(w.from), () => w.now).seal(w.claims) },
  'of the name over https, if names have keys of their own': {
    make: (w) => seal({ key: deriveKey(SECRET, `__Secure-${NAMES[w.from]}`), payload: w.claims, header: HEADER }),
  },
  "of Auth.js's csrf, state or pkce cookie": {
    make: (w) => seal({ key: deriveKey(SECRET, 'authjs.pkce.code_verifier'), payload: w.claims, header: HEADER }),
  },
  "of next-auth's pkce cookie": {
    make: (w) => seal({ key: nextAuthKey('next-auth.pkce.code_verifier'), payload: w.claims, header: HEADER }),
  },
  "a state of next-auth's first releases, which has the session's key and no sub": {
    make: (w) => app(w).seal({ value: 'x', iat: w.now, exp: w.now + 900, jti: 'j' }),
  },
  'our own cookie, under its name': { make: ({ ours }) => ours },
  'another secret': { make: (w) => app(w, { secret: OTHER_SECRET }).seal(w.claims) },
  'the raw secret as the key': {
    make: (w) => seal({ key: Buffer.from(SECRET), payload: w.claims, header: HEADER }),
  },
  "next-auth's key, long enough for A256CBC-HS512": {
    make: (w) =>
      seal({
        key: nextAuthKey('', 64),
        payload: w.claims,
        enc: 'A256CBC-HS512',
        header: { ...HEADER, enc: 'A256CBC-HS512' },
      }),
  },
  'A256GCM that calls itself A256CBC-HS512': { make: (w) => gcm(w, { ...HEADER, enc: 'A256CBC-HS512' }) },
  'A256GCM that calls itself A128GCM': { make: (w) => gcm(w, { ...HEADER, enc: 'A128GCM' }) },
  'alg none': { make: (w) => sign({ alg: 'none' }, w.claims) },
  'alg none in the header of a JWE': { make: (w) => gcm(w, { ...HEADER, alg: 'none' }) },
  'a JWS with the secret': { make: (w) => sign({ alg: 'HS256' }, w.claims, SECRET) },
  'a JWS with the derived key': { make: (w) => sign({ alg: 'HS256' }, w.claims, rightKey(w.from)) },
  'alg A256KW': { make: (w) => gcm(w, { ...HEADER, alg: 'A256KW' }) },
  compressed: { make: (w) => gcm(w, { ...HEADER, zip: 'DEF' }) },
  'another kid': { make: (w) => gcm(w, { ...HEADER, kid: 'x' }) },
  'a typ': { make: (w) => gcm(w, { ...HEADER, typ: 'JWT' }) },
  'a shorter tag': { make: (w) => seal({ key: rightKey(w.from), payload: w.claims, header: HEADER, tagBytes: 12 }) },
  'a changed last character': { make: (w) => flip(app(w).seal(w.claims)) },
  'a list instead of claims': { make: (w) => seal({ key: rightKey(w.from), payload: '[]', header: HEADER }) },
  expired: { make: (w) => withClaims(w, { exp: w.now }) },
  'without exp: it would last for ever': { make: (w) => withClaims(w, { exp: undefined }) },
  'exp as text': { make: (w) => withClaims(w, { exp: '4102444800' }) },
  'iat in the future': { make: (w) => withClaims(w, { iat: w.now + 3_600 }) },
  'iat as text': { make: (w) => withClaims(w, { iat: 'now' }) },
  'jti as a number': { make: (w) => withClaims(w, { jti: 7 }) },
  'nbf in the future': { make: (w) => withClaims(w, { nbf: w.now + 3_600 }) },
  'without a sub': { make: (w) => withClaims(w, { sub: undefined }) },
  'a sub that is a number': { make: (w) => withClaims(w, { sub: 7 }) },
  'a sub that is a list': { make: (w) => withClaims(w, { sub: ['ann'] }) },
  'a sub whom nobody knows': { make: (w) => withClaims(w, { sub: 'mallory' }) },
  'an empty value': { make: () => '' },
  'a session token of the database strategy': { make: () => '0198b2f2-6f9b-4a57-9a52-0c8f4f4a3f61' },
}

function flip(value: string): string {
  const at = value.length - 3
  return value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1)
}

describe.each(LIBRARIES)('C3 R7 what is taken over from %s', (from) => {
  describe.each(['theirs', 'ours'] as const)('written as %s', (write) => {
    test.each(Object.entries(CASES))('%s', async (_, { make, user = null }) => {
      const { clock, old, visit } = await openTakingOver(from, write)
      const plain = createBrowser(makeAuth({ clock: clock.read }))
      await plain.signIn()
      const now = clock.seconds()
      const claims = { ...ANN, iat: now, exp: now + 3_600, jti: 'an id of theirs' }
      const value = make({ from, now, claims, ours: plain.cookies.get(COOKIE) ?? '' })
      // Twice: what was refused once isn't remembered as good, and the reverse.
      for (const _time of [1, 2]) {
        expect((await visit({ [old.name]: value }).session())?.user.id ?? null).toBe(user)
      }
    })
  })

  test.each([
    { under: 'its own name', name: (there: string) => there, user: 'ann' },
    { under: "our cookie's name", name: () => COOKIE, user: null },
    { under: "the other library's name", name: () => NAMES[other(from)], user: null },
    { under: 'the name that it has over https', name: (there: string) => `__Secure-${there}`, user: null },
    { under: 'a longer name', name: (there: string) => `${there}x`, user: null },
  ])('a good one under $under: $user', async ({ name, user }) => {
    const { old, visit } = await openTakingOver(from, 'ours')
    const value = old.signIn(ANN)
    // First where it is good, so that a cache of opened tokens would know it.
    expect((await visit({ [old.name]: value }).session())?.user.id).toBe('ann')
    expect((await visit({ [name(old.name)]: value }).session())?.user.id ?? null).toBe(user)
  })

  test('one that is too large to move is remembered as opened, and is still nobody under our name', async () => {
    const { old, visit } = await openTakingOver(from, 'ours')
    const value = old.signIn({ ...ANN, accessToken: 'x'.repeat(8_000) })
    for (const _time of [1, 2]) expect((await visit(inChunks(old.name, value)).session())?.user.id).toBe('ann')
    expect(await visit(inChunks(COOKIE, value)).session()).toBeNull()
  })

  test('a claim of its own that is called like one of ours says nothing here', async () => {
    const { auth, old, visit, rows } = await openTakingOver(from, 'ours')
    const mine = visit()
    await mine.signIn()
    const [victim] = await rows()
    const forged = {
      authTime: Math.floor(Date.now() / 1_000),
      amr: ['pwd', 'mfa'],
      sessionId: victim?.id,
      adoptedAt: 1,
    }
    const headers = { cookie: `${old.name}=${old.signIn({ ...ANN, ...forged, latchkey: 'not sealed' })}` }
    const session = await auth.getSession(new Request(ORIGIN, { headers }))
    expect(session).toMatchObject({ user: { id: 'ann' }, authTime: null, amr: [] })
    expect(session?.sessionId).not.toBe(victim?.id)
  })

  test('what clients may write into its claims there changes neither the session nor how the person signed in', async () => {
    const { auth, old, visit } = await openTakingOver(from, 'theirs')
    const [ann, bob] = [visit(), visit()]
    await ann.signIn()
    await bob.signIn('bob@example.com')
    const read = async (value: string) =>
      auth.getSession(new Request(ORIGIN, { headers: { cookie: `${old.name}=${value}` } }))
    const value = ann.cookies.get(old.name) ?? ''
    const before = await read(value)
    const forged = { authTime: 4_000_000_000, amr: ['mfa'], sessionId: 'x', adoptedAt: 4_000_000_000 }
    const { sessionId, authTime, amr } = (await read(await old.renew(value, forged))) ?? {}
    expect({ sessionId, authTime, amr }).toEqual({
      sessionId: before?.sessionId,
      authTime: before?.authTime,
      amr: before?.amr,
    })
    // Bob's sealed part in Ann's token makes it neither his session nor a fresh one.
    const { latchkey } = (await old.open(bob.cookies.get(old.name) ?? '')) ?? {}
    const mixed = await read(await old.renew(value, { latchkey }))
    expect(mixed).toMatchObject({ user: { id: 'ann' }, authTime: null })
    expect(mixed?.sessionId).not.toBe((await read(bob.cookies.get(old.name) ?? ''))?.sessionId)
  })

  test('a role counts if it is declared, and until the jwt callback says another', async () => {
    const value = { ...ANN, role: 'admin', roles: ['root', 'member'] }
    const trusting = await openTakingOver(from, 'ours', { roles: ['admin', 'member'] })
    const kept = trusting.visit({ [trusting.old.name]: trusting.old.signIn(value) })
    expect((await kept.session())?.roles).toEqual(['member', 'admin'])
    const asking = await openTakingOver(from, 'ours', {
      roles: ['admin', 'member'],
      callbacks: { jwt: ({ token: { role: _role, ...token } }) => ({ ...token, roles: ['member'] }) },
    })
    const renewed = asking.visit({ [asking.old.name]: asking.old.signIn(value) })
    expect((await renewed.session())?.roles).toEqual(['member'])
  })
})

describe.each(LIBRARIES)('C3 %s over https', (from) => {
  const name = `__Secure-${NAMES[from]}`

  test('has its secure name; a cookie of the plain one could have been planted on the way, and is ignored', async () => {
    const { clock } = await openTakingOver(from, 'ours')
    const auth = makeAuth({ baseUrl: HTTPS_ORIGIN, clock: clock.read, cookies: { takeOver: { from, write: 'ours' } } })
    const value = openOldApp(from, clock.seconds, { name }).signIn(ANN)
    const sessionOf = (cookie: string) => auth.getSession(new Request(HTTPS_ORIGIN, { headers: { cookie } }))
    expect((await sessionOf(`${name}=${value}`))?.user.id).toBe('ann')
    const planted = openOldApp(from, clock.seconds).signIn(ANN)
    expect(await sessionOf(`${NAMES[from]}=${planted}`)).toBeNull()
  })

  test('is cleared with the attributes that it was set with', async () => {
    const { clock } = await openTakingOver(from, 'ours')
    const takeOver = { from, write: 'ours', domain: '.app.test' } as const
    const auth = makeAuth({ baseUrl: HTTPS_ORIGIN, clock: clock.read, cookies: { takeOver } })
    const browser = createBrowser(auth, { origin: HTTPS_ORIGIN })
    browser.cookies.set(name, openOldApp(from, clock.seconds, { name }).signIn(ANN))
    expect((await browser.session())?.user).toMatchObject({ id: 'ann' })
    expect(browser.setCookies).toEqual([
      `${name}=; Max-Age=0; Path=/; Domain=.app.test; HttpOnly; SameSite=Lax; Secure`,
      expect.stringMatching(/^__Host-latchkey\.session=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
    ])
  })
})
