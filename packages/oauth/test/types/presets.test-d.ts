import { createAuth, memoryAdapter } from '@latchkey/core'
import { oauth, type OAuth, type OAuth2Provider, type OidcProvider } from '@latchkey/oauth'
import { apple, github, google, keycloak, type GitHubProfile } from '@latchkey/oauth/providers'
import { expectTypeOf, test } from 'vitest'

const client = { clientId: 'client-1', clientSecret: 'secret-1' }

test('a preset has its provider’s id, or the one that is given, as a literal type', () => {
  expectTypeOf(google(client)).toEqualTypeOf<OidcProvider<'google'>>()
  expectTypeOf(github({ ...client, id: 'github-enterprise' })).toEqualTypeOf<OAuth2Provider<'github-enterprise'>>()
  expectTypeOf(oauth([google(client), github(client)])).toEqualTypeOf<OAuth<'google' | 'github'>>()
})

test('a profile function gets what the provider documents', () => {
  github({
    ...client,
    profile: (profile) => {
      expectTypeOf(profile).toEqualTypeOf<GitHubProfile>()
      return { id: profile.id, name: profile.login }
    },
  })
})

test('mistakes do not compile', () => {
  // @ts-expect-error a web app has a secret
  google({ clientId: 'client-1' })
  // @ts-expect-error whose realm?
  keycloak(client)
  // @ts-expect-error the key has an id
  apple({ clientId: 'client-1', clientSecret: { teamId: 'A1B2C3D4E5', privateKey: '' } })
  // @ts-expect-error no such option
  github({ ...client, enterprise: { baseUrl: 'https://github.engine.example' } })
})

test('a configuration takes them', () => {
  createAuth({ secret: 'x'.repeat(32), adapter: memoryAdapter(), plugins: [oauth([google(client), github(client)])] })
})
