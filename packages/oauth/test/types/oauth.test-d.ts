import { createAuth, memoryAdapter } from '@latchkey/core'
import { expectTypeOf, test } from 'vitest'
import { oauth, type OAuth, oauth2, oidc, type ProviderAccess } from '../../src/index.ts'

const acme = oidc({ id: 'acme', issuer: 'https://acme.test', clientId: 'app', clientSecret: 'secret' })
const addresses = {
  id: 'plain',
  clientId: 'app',
  authorization: 'https://plain.test/authorize',
  token: 'https://plain.test/token',
  userinfo: 'https://plain.test/me',
} as const
const plain = oauth2({
  ...addresses,
  profile: ({ id, login }: { id: number; login: string }) => ({ id, name: login }),
})
const plugin = oauth([acme, plain])
const auth = createAuth({
  secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
  adapter: memoryAdapter(),
  tokens: { enabled: true },
  plugins: [plugin],
})

test('the plug-in has a name, and knows its providers', () => {
  expectTypeOf(plugin).toEqualTypeOf<OAuth<'acme' | 'plain'>>()
})

test('only providers that are configured compile', async () => {
  await auth.accounts.accessToken({ userId: '1', provider: 'acme' })
  // @ts-expect-error there is no such provider
  await auth.accounts.accessToken({ userId: '1', provider: 'none' })
  expectTypeOf(auth.accounts.accessToken).returns.resolves.toEqualTypeOf<ProviderAccess>()
})

test('a profile function gets what its parameter says, and returns a person', () => {
  oauth2({ ...addresses, profile: ({ id }: { id: number }) => ({ id }) })
  // @ts-expect-error an id is a text or a number
  oauth2({ ...addresses, profile: () => ({ id: true }) })
  // @ts-expect-error a provider without an issuer is none of OpenID Connect
  oidc({ id: 'x', clientId: 'app' })
})
