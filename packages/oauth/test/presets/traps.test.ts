import { describe, expect, test } from 'vitest'
import type { OAuthProvider } from '../../src/index.ts'
import {
  apple,
  auth0,
  github,
  gitlab,
  google,
  keycloak,
  microsoftEntraId,
  twitch,
  twitter,
} from '../../src/presets/index.ts'
import { APPLE_KEY } from './apple-key.ts'
import { cases } from './cases.ts'
import { begin, openApp, readCreated, signIn } from './journey.ts'
import { type Change, openStandIn } from './stand-in.ts'

const client = { clientId: 'client-1', clientSecret: 'secret-1' }
const OURS = '11111111-2222-3333-4444-555555555555'
const THEIRS = '66666666-7777-8888-9999-000000000000'

/** Signs in at a stand-in of a preset's provider. */
async function journey(
  id: string,
  at: (origin: string) => OAuthProvider,
  change: (origin: string) => Change = () => ({}),
) {
  const standIn = await openStandIn(cases.find((each) => each.id === id)!)
  const app = await openApp(at(standIn.origin))
  standIn.change = change(standIn.origin)
  const end = await signIn(app.client('cookie'), at(standIn.origin).id)
  return { error: end.searchParams.get('error'), created: readCreated(app) }
}

describe('Microsoft Entra', () => {
  const at = (tenant: string) => (authority: string) => microsoftEntraId({ ...client, tenant, authority })
  const from =
    (tid: unknown, tenant = tid) =>
    (origin: string) => ({
      idToken: { tid },
      tokenIssuer: `${origin}/${String(tenant)}/v2.0`,
    })
  // The stand-in's discovery document is that of all tenants: one of a single tenant names it.
  const single = (tenant: string) => (authority: string) => ({
    ...at(tenant)(authority),
    endpoints: { authorization: `${authority}/authorize`, token: `${authority}/token`, jwks: `${authority}/jwks` },
  })

  test.each([
    { token: 'of a tenant', provider: at('common'), change: from(OURS), error: null },
    { token: 'of another tenant', provider: at('organizations'), change: from(THEIRS), error: null },
    { token: 'of the one tenant', provider: single(OURS), change: from(OURS), error: null },
    { token: 'whose issuer is another tenant', provider: at('common'), change: from(OURS, THEIRS) },
    { token: 'whose issuer is the placeholder', provider: at('common'), change: from('{tenantid}') },
    { token: 'without a tenant', provider: at('common'), change: from(undefined, '') },
    { token: 'with a path for a tenant', provider: at('common'), change: from(`${OURS}/../${THEIRS}`) },
    { token: 'of another tenant than the one', provider: single(OURS), change: from(THEIRS) },
    {
      token: 'of another tenant, under the issuer of the one',
      provider: single(OURS),
      change: from(THEIRS, OURS),
      error: null,
    },
  ])('O08 an id_token $token', async ({ provider, change, error = 'OAuthCallbackError' }) => {
    expect((await journey('microsoft-entra-id', provider, change)).error).toBe(error)
  })

  test('an address counts as verified in the app’s own tenant', async () => {
    const at = (authority: string) => ({
      ...microsoftEntraId({ ...client, tenant: OURS, ownTenant: true, authority }),
      endpoints: { authorization: `${authority}/authorize`, token: `${authority}/token`, jwks: `${authority}/jwks` },
    })
    const { created } = await journey('microsoft-entra-id', at)
    expect(created?.person).toMatchObject({ email: 'ada@engine.example', isVerified: true })
  })

  test('people with a personal account have a tenant of their own', () => {
    const { issuer, discovery, expectedIssuer } = microsoftEntraId({ ...client, tenant: 'consumers' })
    expect(issuer).toBe('https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0')
    expect(discovery).toBe('https://login.microsoftonline.com/consumers/v2.0/.well-known/openid-configuration')
    expect(expectedIssuer).toBeUndefined()
  })

  test.each([
    { tenant: OURS, ownTenant: true, error: null },
    { tenant: 'engine.example', error: /UUID/ },
    { tenant: '../common', error: /UUID/ },
    { tenant: 'common', ownTenant: true, error: /ownTenant/ },
    { tenant: 'organizations', ownTenant: true, error: /ownTenant/ },
    { tenant: 'consumers', ownTenant: true, error: /ownTenant/ },
  ])('C1 takes the tenant $tenant, own: $ownTenant, or says what is wrong', ({ error, ...options }) => {
    const make = () => microsoftEntraId({ ...client, ...options })
    if (error) expect(make).toThrow(error)
    else expect(make).not.toThrow()
  })
})

describe('verified addresses', () => {
  test('GitLab’s count at gitlab.com only', async () => {
    const own = await journey('gitlab', (baseUrl) => gitlab({ ...client, baseUrl }))
    expect(own.created?.person).toMatchObject({ email: 'ada@engine.example', isVerified: false })
    const trusted = await journey('gitlab', (baseUrl) => gitlab({ ...client, baseUrl, trustEmail: true }))
    expect(trusted.created?.person.isVerified).toBe(true)
  })

  test('those of a provider that one runs oneself count if one says so', async () => {
    const at = (origin: string) => keycloak({ ...client, issuer: `${origin}/realms/main`, trustEmail: true })
    expect((await journey('keycloak', at)).created?.person.isVerified).toBe(true)
    const unverified = await journey('keycloak', at, () => ({ idToken: { email_verified: false } }))
    expect(unverified.created?.person.isVerified).toBe(false)
  })
})

describe('Apple', () => {
  const make = (privateKey: string) => () => apple({ clientId: 'client-1', clientSecret: { ...APPLE_KEY, privateKey } })

  test.each([
    { text: 'with line breaks', key: APPLE_KEY.privateKey.replaceAll('\\n', '\n'), isRight: true },
    { text: 'with written line breaks', key: APPLE_KEY.privateKey, isRight: true },
    { text: 'that is empty', key: '' },
    { text: 'that is a path', key: './AuthKey_F6G7H8I9J0.p8' },
    { text: 'that is a public key', key: APPLE_KEY.privateKey.replaceAll('PRIVATE', 'PUBLIC') },
  ])('C1 a private key $text', ({ key, isRight = false }) => {
    if (isRight) expect(make(key)).not.toThrow()
    else expect(make(key)).toThrow(/\.p8/)
  })

  test.each(['', '{', 'null', '[]', '{"name":null}', '{"name":{"firstName":{},"lastName":7}}'])(
    'a `user` of %j is no name',
    async (user) => {
      const standIn = await openStandIn(cases.find(({ id }) => id === 'apple')!)
      const app = await openApp(apple({ clientId: 'client-1', clientSecret: APPLE_KEY, issuer: standIn.origin }))
      const end = await signIn(app.client('cookie'), 'apple', { user })
      expect(end.searchParams.get('error')).toBeNull()
      expect(readCreated(app)?.person).toMatchObject({ name: null, isVerified: true })
    },
  )
})

describe('options', () => {
  const urlOf = async (provider: OAuthProvider) => {
    const app = await openApp(provider)
    return Object.fromEntries((await begin(app.client('cookie'), provider.id)).searchParams)
  }
  const endpoints = {
    authorization: 'https://provider.example/authorize',
    token: 'https://provider.example/token',
    jwks: 'https://provider.example/jwks',
  }

  test('parameters are added to the preset’s', async () => {
    const params = await urlOf(twitch({ ...client, endpoints, authorizationParams: { force_verify: 'true' } }))
    expect(params).toMatchObject({ force_verify: 'true', claims: expect.stringContaining('email_verified') })
  })

  test('quirks are added to the preset’s', () => {
    const { quirks } = twitch({ ...client, quirks: { noPkce: true } })
    expect(quirks).toEqual({ noPkce: true, readTokenResponse: expect.any(Function) })
  })

  test('an option that is undefined is the preset’s', async () => {
    expect(await urlOf(google({ ...client, endpoints, scope: undefined }))).toMatchObject({
      scope: 'openid profile email',
    })
  })

  test('one provider may be there twice, under two ids', async () => {
    const { id, type } = github({ ...client, id: 'github-enterprise', baseUrl: 'https://github.engine.example' })
    expect([id, type]).toEqual(['github-enterprise', 'oauth'])
  })

  test('GitHub Enterprise has its API under its own address', async () => {
    const provider = github({ ...client, baseUrl: 'https://github.engine.example' })
    expect(provider.authorization).toBe('https://github.engine.example/login/oauth/authorize')
    expect(provider.issuer).toBe('https://github.engine.example/login/oauth')
  })

  test('X is asked for the address if the app wants it', async () => {
    const provider = twitter({ ...client, email: true })
    expect(provider.userinfo).toBe('https://api.x.com/2/users/me?user.fields=profile_image_url,confirmed_email')
    expect(await urlOf(provider)).toMatchObject({ scope: 'users.read tweet.read users.email' })
  })

  test.each(['https://engine.eu.auth0.com', 'https://engine.eu.auth0.com/'])(
    'Auth0’s issuer %s ends with a slash',
    (issuer) => {
      expect(auth0({ ...client, issuer }).issuer).toBe('https://engine.eu.auth0.com/')
    },
  )

  test('an app’s own profile function takes the place of the preset’s', async () => {
    const { created } = await journey('discord', (origin) => ({
      ...cases.find(({ id }) => id === 'discord')!.at(origin),
      profile: ({ id, username }) => ({ id: String(id), name: String(username) }),
    }))
    expect(created?.person).toEqual({ email: null, isVerified: false, name: 'ada', image: null })
  })
})
