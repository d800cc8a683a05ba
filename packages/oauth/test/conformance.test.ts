import { memoryAdapter } from '@latchkey/core'
import { afterEach, describe, expect, test } from 'vitest'
import { type Against, openAgainst } from './support/against.ts'
import { type Json, type Script, SECRET, signWithSecret } from './support/scripted-provider.ts'

let against: Against
afterEach(() => against.stop())

const WEEK = 7 * 24 * 60 * 60
const without = (name: string) => (claims: Json) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))

/** Named after the modules of the OpenID Foundation's conformance suite for relying parties, and of its FAPI plans. */
const REFUSED: Readonly<Record<string, Script>> = {
  'oidcc-client-test-invalid-iss': { claims: (claims) => ({ ...claims, iss: `${String(claims.iss)}/` }) },
  'oidcc-client-test-missing-iss': { claims: without('iss') },
  'oidcc-client-test-invalid-aud': { claims: (claims) => ({ ...claims, aud: 'another app' }) },
  'oidcc-client-test-missing-aud': { claims: without('aud') },
  'oidcc-client-test-missing-iat': { claims: without('iat') },
  'oidcc-client-test-missing-sub': { claims: without('sub') },
  'oidcc-client-test-nonce-invalid': { claims: (claims) => ({ ...claims, nonce: 'another nonce' }) },
  'oidcc-client-test-nonce-missing': { claims: without('nonce') },
  'oidcc-client-test-idtoken-sig-none': { header: () => ({ alg: 'none' }), sign: () => '' },
  'oidcc-client-test-invalid-sig-rs256': {
    sign: (text) => against.op.keys.first.sign(`${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`),
  },
  'oidcc-client-test-invalid-sig-hs256': { header: () => ({ alg: 'HS256' }), sign: signWithSecret },
  'oidcc-client-test-kid-absent-multiple-jwks': {
    header: () => ({ alg: 'RS256' }),
    keys: (keys) => [...keys, against.op.keys.second.jwk],
    sign: (text) => against.op.keys.foreign.sign(text),
  },
  'oidcc-client-test-userinfo-invalid-sub': {
    claims: without('email'),
    userinfo: (claims) => ({ ...claims, sub: 'bob' }),
  },
  'oidcc-client-test-discovery-issuer-mismatch': {
    discovery: (document) => ({ ...document, issuer: `${String(document.issuer)}/other` }),
  },
  'fapi1-advanced-final-client-test-invalid-expired-exp': {
    claims: (claims) => ({ ...claims, exp: Number(claims.iat) - 60 }),
  },
  'fapi1-advanced-final-client-test-invalid-missing-exp': { claims: without('exp') },
  'fapi1-advanced-final-client-test-invalid-secondary-aud': {
    claims: (claims) => ({ ...claims, aud: ['app', 'another app'] }),
  },
  'fapi1-advanced-final-client-test-invalid-null-alg': { header: (header) => ({ ...header, alg: null }) },
  'an azp that is another app': { claims: (claims) => ({ ...claims, aud: ['app', 'b'], azp: 'b' }) },
  'an id_token of the future': {
    claims: (claims) => ({ ...claims, iat: Number(claims.iat) + WEEK, exp: Number(claims.exp) + WEEK }),
  },
  'a sub that is a number': { claims: (claims) => ({ ...claims, sub: 17 }) },
  'an empty sub': { claims: (claims) => ({ ...claims, sub: '' }) },
  'an exp that is a text': { claims: (claims) => ({ ...claims, exp: '9999999999' }) },
  'a key that is unknown': {
    header: (header) => ({ ...header, kid: 'foreign' }),
    sign: (text) => against.op.keys.foreign.sign(text),
  },
  'a foreign key under a known name': { sign: (text) => against.op.keys.foreign.sign(text) },
  'a critical header that nobody knows': { header: (header) => ({ ...header, crit: ['x'], x: 1 }) },
  'a key inside the token': {
    header: (header) => ({ ...header, kid: 'foreign', jwk: against.op.keys.foreign.jwk }),
    sign: (text) => against.op.keys.foreign.sign(text),
  },
  'no id_token': { tokens: without('id_token') },
  'no access token': { tokens: without('access_token') },
}

describe('O08 a provider that returns what is wrong signs nobody in', () => {
  test('oidcc-client-test: a right answer signs in', async () => {
    against = await openAgainst()
    expect(await against.signIn()).toMatchObject({ kind: null, isIn: true })
  })

  test.each(Object.entries(REFUSED))('%s', async (name, script) => {
    against = await openAgainst(script)
    if (name === 'oidcc-client-test-discovery-issuer-mismatch') {
      await expect(against.signIn()).rejects.toThrow('OAuthUnavailable')
      return
    }
    expect(await against.signIn()).toMatchObject({ kind: 'OAuthCallbackError', isIn: false })
    const log = against.app.log.join()
    expect(log).toContain('was refused')
    for (const secret of ['an access token', SECRET, against.op.asked[0]?.get('code') ?? 'none'])
      expect(log).not.toContain(secret)
    expect(against.app.told.map(({ name: callback }) => callback)).not.toContain('signIn')
  })

  test('oidcc-client-test-kid-absent-single-jwks: one key needs no name', async () => {
    against = await openAgainst({ header: () => ({ alg: 'RS256' }) })
    expect(await against.signIn()).toMatchObject({ kind: null, isIn: true })
  })

  test('oidcc-client-test-client-secret-basic and -scope-userinfo-claims: what a certified client sends', async () => {
    against = await openAgainst({ claims: without('email') })
    const who = against.person()
    expect(await who.signIn()).toMatchObject({ kind: null })
    expect((await who.client.query('auth.session')).data).toMatchObject({ user: { email: 'ann@example.test' } })
    const [asked] = against.op.asked
    expect(Object.fromEntries(asked ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: expect.any(String),
      redirect_uri: `${against.app.origin}/auth/callback/op`,
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  test('userinfo is not asked if the id_token has everything, and the id_token wins', async () => {
    against = await openAgainst({ userinfo: (claims) => ({ ...claims, name: 'Somebody else' }) })
    const who = against.person()
    await who.signIn()
    expect(against.op.requests).not.toContain('GET /userinfo')
    expect((await who.client.query('auth.session')).data).toMatchObject({ user: { name: 'Ann' } })
  })
})

test('an address and whether it is verified come from one source', async () => {
  const adapter = memoryAdapter()
  const script: Script = {
    claims: (claims) => ({ ...claims, email: 'signed@example.test', email_verified: undefined }),
    userinfo: (claims) => ({ ...claims, email: 'other@example.test', email_verified: true }),
  }
  against = await openAgainst(script, { adapter, entry: { userinfo: 'always', trustEmail: true } })
  await against.signIn()
  expect(await adapter.getUserByEmail('signed@example.test')).toMatchObject({ emailVerified: null })
})

test('O14 userinfo about somebody else is refused, also if it is always asked', async () => {
  against = await openAgainst({ userinfo: (claims) => ({ ...claims, sub: 'bob' }) }, { entry: { userinfo: 'always' } })
  expect(await against.signIn()).toMatchObject({ kind: 'OAuthCallbackError', isIn: false })
})
