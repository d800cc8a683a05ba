import { createHmac } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { type Against, openAgainst } from './support/against.ts'
import { type Script, signWithSecret } from './support/scripted-provider.ts'

let against: Against
afterEach(() => against.stop())

const header = () => ({ alg: 'HS256', typ: 'JWT' })
const withKey = (key: string) => (text: string) => createHmac('sha256', key).update(text).digest('base64url')
const entry = { idTokenAlg: 'HS256' }
const refused = { kind: 'OAuthCallbackError', isIn: false }

test.each<{ token: string; script: Script; result?: object }>([
  { token: 'that is right', script: { header, sign: signWithSecret }, result: { kind: null, isIn: true } },
  { token: 'with another secret', script: { header, sign: withKey('another') } },
  { token: 'with no secret', script: { header, sign: () => '' } },
  { token: 'with its signature cut', script: { header, sign: (text) => signWithSecret(text).slice(0, -2) } },
  { token: 'by the provider’s public key instead', script: { header: (own) => ({ ...own, alg: 'RS256' }) } },
  { token: 'that says HS512', script: { header: () => ({ alg: 'HS512' }), sign: signWithSecret } },
])('O08 with idTokenAlg HS256: a signature $token', async ({ script, result = refused }) => {
  against = await openAgainst(script, { entry })
  expect(await against.signIn()).toMatchObject(result)
})

test('O08 the public key is no secret: HS256 counts only if the entry says so', async () => {
  const script: Script = { header, sign: (text) => withKey(JSON.stringify(against.op.keys.first.jwk))(text) }
  against = await openAgainst(script)
  expect(await against.signIn()).toMatchObject(refused)
  await against.stop()
  against = await openAgainst({ header, sign: signWithSecret })
  expect(await against.signIn()).toMatchObject(refused)
})
