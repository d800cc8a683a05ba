import { createAuth, memoryAdapter } from '@latchkey/core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { oauth, type OAuthProvider, oauth2, oidc } from '../src/index.ts'
import * as providers from '../src/presets/index.ts'

const right = { id: 'op', issuer: 'https://op.test', clientId: 'app', clientSecret: 'secret' } as const
const plain = {
  id: 'plain',
  clientId: 'app',
  authorization: 'https://op.test/authorize',
  token: 'https://op.test/token',
  userinfo: 'https://op.test/me',
} as const

test('what is right is taken', () => {
  const providers = [
    oidc(right),
    oidc({ ...right, id: 'local', issuer: 'http://127.0.0.1:9000' }),
    oidc({ ...right, id: 'entra', issuer: 'https://login.test/{tenantid}/v2.0', discovery: 'https://login.test/d' }),
    oauth2(plain),
  ]
  for (const adapter of [memoryAdapter(), undefined]) {
    const secret = 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa'
    expect(() => createAuth({ secret, ...(adapter && { adapter }), plugins: [oauth(providers)] })).not.toThrow()
  }
})

test.each<[string, readonly unknown[], string]>([
  ['no provider', [], 'list at least one'],
  ['an id that is no part of a path', [oidc({ ...right, id: 'a/b' })], "can't be a provider's id"],
  ['an object of its own', [right], 'make it with'],
  ['no client id', [oidc({ ...right, clientId: '' })], 'oauth.op.clientId'],
  ['an empty secret', [oidc({ ...right, clientSecret: '' })], 'is its environment variable set'],
  [
    'a secret that is missing',
    [oidc({ ...right, clientSecret: undefined, clientAuth: 'client_secret_post' })],
    'needs one',
  ],
  ['an issuer without TLS', [oidc({ ...right, issuer: 'http://op.test' })], 'write an https URL'],
  ['an issuer of another scheme', [oidc({ ...right, issuer: 'file:///etc/passwd' })], 'write an https URL'],
  ['an issuer with a password', [oidc({ ...right, issuer: 'https://a:b@op.test' })], 'write an https URL'],
  ['an endpoint without TLS', [oidc({ ...right, endpoints: { token: 'http://op.test/t' } })], 'oauth.op.token'],
  ['no token endpoint', [oauth2({ ...plain, token: '' })], 'oauth.plain.token'],
  ['no profile', [oauth2({ ...plain, userinfo: undefined as never })], 'oauth.plain.userinfo'],
  ['a state of its own', [oidc({ ...right, authorizationParams: { state: 'x' } })], '"state" belongs to the flow'],
  ['another redirect_uri', [oidc({ ...right, authorizationParams: { redirect_uri: 'x' } })], 'belongs to the flow'],
])('%s is refused by name', (_, providers, text) => {
  expect(() => oauth(providers as readonly OAuthProvider[])).toThrow(text)
})

test.each(['https://auth.test/', 'https://auth.test/auth', 'auth.test', 'http://auth.test'])(
  'the callback origin "%s" is refused',
  (callbackOrigin) => {
    expect(() => oauth([oidc(right)], { callbackOrigin })).toThrow('oauth.callbackOrigin')
  },
)

test('while `next build` runs, what the environment has is not looked at', () => {
  const build = () => {
    const missing = { clientId: undefined as never, clientSecret: undefined as never, issuer: undefined as never }
    const presets = Object.values(providers).map((preset) => (preset as (options: object) => OAuthProvider)(missing))
    return createAuth({
      secret: process.env['AUTH_SECRET_OF_PRODUCTION']!,
      plugins: [oauth([oidc({ ...missing, id: 'op' }), ...presets])],
    })
  }
  expect(build).toThrow()
  vi.stubEnv('NEXT_PHASE', 'phase-production-build')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(build).not.toThrow()
})

test('two providers of one id are refused', () => {
  const secret = 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa'
  expect(() => createAuth({ secret, plugins: [oauth([oidc(right), oidc(right)])] })).toThrow('already')
})
