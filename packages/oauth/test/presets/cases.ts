import type { OAuthProvider } from '../../src/index.ts'
import {
  apple,
  auth0,
  discord,
  facebook,
  github,
  gitlab,
  google,
  keycloak,
  linkedin,
  microsoftEntraId,
  okta,
  slack,
  spotify,
  twitch,
  twitter,
} from '../../src/presets/index.ts'
import { APPLE_KEY } from './apple-key.ts'

type Json = Readonly<Record<string, unknown>>

/** What a person is, as the app sees it. */
export interface Person {
  readonly email: string | null
  readonly isVerified: boolean
  readonly name: string | null
  readonly image: string | null
}

/** A preset, and how its provider behaves as its documentation says; the values are made up. */
export interface Case {
  readonly id: string
  /** With the addresses that its documentation, or its discovery document, names. */
  readonly real: OAuthProvider
  /** With a stand-in of the provider at this origin. */
  readonly at: (origin: string) => OAuthProvider
  /** The authorization endpoint. */
  readonly url: string
  /** Its parameters besides those of the flow (`state`, `nonce`, `code_challenge`). */
  readonly params: Json
  readonly sends: { readonly pkce: boolean; readonly nonce: boolean }
  readonly clientAuth: 'basic' | 'post'
  /** What its id_token says, besides the protocol's claims. Undefined: it has none. */
  readonly idToken?: Json
  /** The issuer at the stand-in, as it writes it into its discovery document; and into id_tokens, if that is another. */
  readonly issuer?: (origin: string) => string
  readonly tokenIssuer?: (origin: string) => string
  /** Its API, by path with the query. */
  readonly api?: Readonly<Record<string, unknown>>
  /** What the token endpoint adds. */
  readonly tokens?: Json
  /** What the callback brings besides `code` and `state`. */
  readonly callback?: Readonly<Record<string, string>>
  /** The user's id at the provider. */
  readonly accountId: string
  readonly person: Person
  /** The same person, of whom the provider says something else. */
  readonly variants: readonly {
    readonly says: string
    readonly idToken?: Json
    readonly api?: Readonly<Record<string, unknown>>
    readonly person: Partial<Person>
  }[]
}

const client = { clientId: 'client-1', clientSecret: 'secret-1' }
const OIDC_SCOPE = 'openid profile email'
const TENANT = '11111111-2222-3333-4444-555555555555'
const COMMON = { client_id: 'client-1', response_type: 'code' }
const BOTH = { pkce: true, nonce: true }

/** The endpoints of a discovery document, so that it isn't fetched. */
const endpoints = (authorization: string) => ({
  authorization,
  token: 'https://provider.example/token',
  jwks: 'https://provider.example/jwks',
})

export const cases: readonly Case[] = [
  {
    // Google Identity: "OpenID Connect", "An ID token's payload"; accounts.google.com/.well-known/openid-configuration
    id: 'google',
    real: google({ ...client, endpoints: endpoints('https://accounts.google.com/o/oauth2/v2/auth') }),
    at: (origin) => google({ ...client, issuer: origin }),
    url: 'https://accounts.google.com/o/oauth2/v2/auth',
    params: { ...COMMON, scope: OIDC_SCOPE },
    sends: BOTH,
    clientAuth: 'basic',
    idToken: {
      sub: '104820384750192837465',
      azp: 'client-1',
      email: 'ada@gmail.com',
      email_verified: true,
      name: 'Ada Lovelace',
      picture: 'https://lh3.googleusercontent.com/a/ada=s96-c',
      given_name: 'Ada',
      family_name: 'Lovelace',
    },
    accountId: '104820384750192837465',
    person: {
      email: 'ada@gmail.com',
      isVerified: true,
      name: 'Ada Lovelace',
      image: 'https://lh3.googleusercontent.com/a/ada=s96-c',
    },
    variants: [
      {
        says: 'an address of the person’s Workspace',
        idToken: { email: 'ada@engine.example', hd: 'engine.example' },
        person: { email: 'ada@engine.example', isVerified: true },
      },
      {
        says: 'an address that Google doesn’t host',
        idToken: { email: 'ada@engine.example' },
        person: { email: 'ada@engine.example', isVerified: false },
      },
      {
        says: 'an address that only looks like Gmail’s',
        idToken: { email: 'ada@notgmail.com' },
        person: { email: 'ada@notgmail.com', isVerified: false },
      },
      { says: 'that it isn’t verified', idToken: { email_verified: false }, person: { isVerified: false } },
    ],
  },
  {
    // Microsoft identity platform: "ID token claims reference", "Migrate away from using email claims for user identification"
    id: 'microsoft-entra-id',
    real: microsoftEntraId({
      ...client,
      endpoints: endpoints('https://login.microsoftonline.com/common/oauth2/v2.0/authorize'),
    }),
    at: (origin) => microsoftEntraId({ ...client, authority: origin }),
    url: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
    params: { ...COMMON, scope: OIDC_SCOPE },
    sends: BOTH,
    clientAuth: 'basic',
    issuer: (origin) => `${origin}/{tenantid}/v2.0`,
    tokenIssuer: (origin) => `${origin}/${TENANT}/v2.0`,
    idToken: {
      sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
      tid: TENANT,
      oid: '99999999-8888-7777-6666-555555555555',
      ver: '2.0',
      name: 'Ada Lovelace',
      preferred_username: 'ada@engine.example',
      email: 'ada@engine.example',
    },
    accountId: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
    person: { email: 'ada@engine.example', isVerified: false, name: 'Ada Lovelace', image: null },
    variants: [
      {
        says: 'that the tenant owns the domain',
        idToken: { xms_edov: true },
        person: { isVerified: true },
      },
      { says: 'that it owns it, as a number', idToken: { xms_edov: '1' }, person: { isVerified: true } },
      {
        says: 'that it doesn’t, and that the address is verified',
        idToken: { xms_edov: false, email_verified: true },
        person: { isVerified: false },
      },
      { says: 'no address', idToken: { email: undefined }, person: { email: null, isVerified: false } },
    ],
  },
  {
    // Sign in with Apple: "Authenticating users with Sign in with Apple", "Request an authorization to the Sign in with Apple server"
    id: 'apple',
    real: apple({
      clientId: 'client-1',
      clientSecret: APPLE_KEY,
      endpoints: endpoints('https://appleid.apple.com/auth/authorize'),
    }),
    at: (origin) => apple({ clientId: 'client-1', clientSecret: APPLE_KEY, issuer: origin }),
    url: 'https://appleid.apple.com/auth/authorize',
    params: { ...COMMON, scope: 'name email', response_mode: 'form_post' },
    sends: { pkce: false, nonce: true },
    clientAuth: 'post',
    idToken: {
      sub: '001234.0123456789abcdef0123456789abcdef.1234',
      email: 'x7k2m9@privaterelay.appleid.com',
      email_verified: 'true',
      is_private_email: 'true',
      nonce_supported: true,
    },
    callback: {
      user: JSON.stringify({ name: { firstName: 'Ada', lastName: 'Lovelace' }, email: 'mallory@engine.example' }),
    },
    accountId: '001234.0123456789abcdef0123456789abcdef.1234',
    person: { email: 'x7k2m9@privaterelay.appleid.com', isVerified: true, name: 'Ada Lovelace', image: null },
    variants: [
      {
        says: 'that the address of a managed account isn’t verified',
        idToken: { email_verified: false },
        person: { isVerified: false },
      },
    ],
  },
  {
    // GitHub Docs: "Authorizing OAuth apps", REST API "Get the authenticated user", "List email addresses for the authenticated user"
    id: 'github',
    real: github(client),
    at: (origin) => github({ ...client, baseUrl: origin }),
    url: 'https://github.com/login/oauth/authorize',
    params: { ...COMMON, scope: 'read:user user:email' },
    sends: { pkce: true, nonce: false },
    clientAuth: 'basic',
    api: {
      '/api/v3/user': {
        id: 583231,
        login: 'ada',
        name: 'Ada Lovelace',
        email: 'public@engine.example',
        avatar_url: 'https://avatars.githubusercontent.com/u/583231?v=4',
      },
      '/api/v3/user/emails': [
        { email: '583231+ada@users.noreply.github.com', verified: true, primary: false, visibility: null },
        { email: 'ada@engine.example', verified: true, primary: true, visibility: 'private' },
      ],
    },
    tokens: { scope: 'read:user,user:email' },
    accountId: '583231',
    person: {
      email: 'ada@engine.example',
      isVerified: true,
      name: 'Ada Lovelace',
      image: 'https://avatars.githubusercontent.com/u/583231?v=4',
    },
    variants: [
      {
        says: 'that the primary address isn’t verified, but another is',
        api: {
          '/api/v3/user/emails': [
            { email: 'other@engine.example', verified: true, primary: false, visibility: null },
            { email: 'ada@engine.example', verified: false, primary: true, visibility: null },
          ],
        },
        person: { isVerified: false },
      },
      {
        says: 'no name',
        api: { '/api/v3/user': { id: 583231, login: 'ada', name: null, avatar_url: 'https://a.example/1' } },
        person: { name: 'ada', image: 'https://a.example/1' },
      },
    ],
  },
  {
    // GitLab Docs: "GitLab as OpenID Connect identity provider", "Shared information"
    id: 'gitlab',
    real: gitlab({ ...client, endpoints: endpoints('https://gitlab.com/oauth/authorize') }),
    at: (origin) => gitlab({ ...client, issuer: origin }),
    url: 'https://gitlab.com/oauth/authorize',
    params: { ...COMMON, scope: OIDC_SCOPE },
    sends: BOTH,
    clientAuth: 'basic',
    idToken: { sub: '1042', email: 'ada@engine.example', email_verified: true },
    api: {
      '/userinfo': {
        sub: '1042',
        name: 'Ada Lovelace',
        nickname: 'ada',
        preferred_username: 'ada',
        email: 'ada@engine.example',
        email_verified: true,
        picture: 'https://gitlab.com/uploads/-/system/user/avatar/1042/avatar.png',
      },
    },
    accountId: '1042',
    person: {
      email: 'ada@engine.example',
      isVerified: true,
      name: 'Ada Lovelace',
      image: 'https://gitlab.com/uploads/-/system/user/avatar/1042/avatar.png',
    },
    variants: [],
  },
  {
    // Discord Developer Documentation: "OAuth2", "User Object", "Image Formatting"
    id: 'discord',
    real: discord(client),
    at: (origin) => discord({ ...client, ...plain(origin) }),
    url: 'https://discord.com/oauth2/authorize',
    params: { ...COMMON, scope: 'identify email' },
    sends: { pkce: true, nonce: false },
    clientAuth: 'basic',
    api: {
      '/me': {
        id: '80351110224678912',
        username: 'ada',
        discriminator: '0',
        global_name: 'Ada Lovelace',
        avatar: '8342729096ea3675442027381ff50dfe',
        verified: true,
        email: 'ada@engine.example',
        locale: 'en-GB',
      },
    },
    accountId: '80351110224678912',
    person: {
      email: 'ada@engine.example',
      isVerified: true,
      name: 'Ada Lovelace',
      image: 'https://cdn.discordapp.com/avatars/80351110224678912/8342729096ea3675442027381ff50dfe.png',
    },
    variants: [
      {
        says: 'that the address isn’t verified, and no avatar',
        api: {
          '/me': {
            id: '80351110224678912',
            username: 'ada',
            global_name: null,
            avatar: null,
            verified: false,
            email: 'ada@engine.example',
          },
        },
        person: { isVerified: false, name: 'ada', image: 'https://cdn.discordapp.com/embed/avatars/5.png' },
      },
    ],
  },
  {
    // Meta for Developers: "Manually Build a Login Flow", Graph API "User"
    id: 'facebook',
    real: facebook(client),
    at: (origin) => facebook({ ...client, ...plain(origin) }),
    url: 'https://www.facebook.com/v24.0/dialog/oauth',
    params: { ...COMMON, scope: 'public_profile email' },
    sends: { pkce: true, nonce: false },
    clientAuth: 'post',
    api: {
      '/me': {
        id: '10158765432109876',
        name: 'Ada Lovelace',
        email: 'ada@engine.example',
        picture: {
          data: { height: 50, width: 50, is_silhouette: false, url: 'https://platform-lookaside.fbsbx.com/ada.jpg' },
        },
      },
    },
    accountId: '10158765432109876',
    person: {
      email: 'ada@engine.example',
      isVerified: false,
      name: 'Ada Lovelace',
      image: 'https://platform-lookaside.fbsbx.com/ada.jpg',
    },
    variants: [
      {
        says: 'no address and no picture',
        api: { '/me': { id: '10158765432109876', name: 'Ada Lovelace' } },
        person: { email: null, image: null },
      },
    ],
  },
  {
    // Microsoft Learn, LinkedIn: "Sign In with LinkedIn using OpenID Connect"
    id: 'linkedin',
    real: linkedin({ ...client, endpoints: endpoints('https://www.linkedin.com/oauth/v2/authorization') }),
    at: (origin) => linkedin({ ...client, issuer: origin }),
    url: 'https://www.linkedin.com/oauth/v2/authorization',
    params: { ...COMMON, scope: OIDC_SCOPE },
    sends: { pkce: false, nonce: false },
    clientAuth: 'post',
    idToken: {
      sub: '782bbtaQ',
      name: 'Ada Lovelace',
      given_name: 'Ada',
      family_name: 'Lovelace',
      picture: 'https://media.licdn.com/dms/image/ada',
      locale: 'en_US',
      email: 'ada@engine.example',
      email_verified: true,
    },
    accountId: '782bbtaQ',
    person: {
      email: 'ada@engine.example',
      isVerified: true,
      name: 'Ada Lovelace',
      image: 'https://media.licdn.com/dms/image/ada',
    },
    variants: [
      { says: 'that it is verified, as a word', idToken: { email_verified: 'true' }, person: { isVerified: true } },
      { says: 'that it isn’t', idToken: { email_verified: 'false' }, person: { isVerified: false } },
    ],
  },
  {
    // Slack Developer Docs: "Sign in with Slack", `openid.connect.token`
    id: 'slack',
    real: slack({ ...client, team: 'T0123', endpoints: endpoints('https://slack.com/openid/connect/authorize') }),
    at: (origin) => slack({ ...client, issuer: origin }),
    url: 'https://slack.com/openid/connect/authorize',
    params: { ...COMMON, scope: OIDC_SCOPE, team: 'T0123' },
    sends: { pkce: false, nonce: true },
    clientAuth: 'basic',
    idToken: {
      sub: 'U0123ABCD',
      'https://slack.com/team_id': 'T0123',
      'https://slack.com/user_id': 'U0123ABCD',
      email: 'ada@engine.example',
      email_verified: true,
      date_email_verified: 1_622_128_723,
      locale: 'en-US',
      name: 'Ada Lovelace',
      picture: 'https://secure.gravatar.com/avatar/ada.png',
    },
    tokens: { ok: true },
    accountId: 'U0123ABCD',
    person: {
      email: 'ada@engine.example',
      isVerified: true,
      name: 'Ada Lovelace',
      image: 'https://secure.gravatar.com/avatar/ada.png',
    },
    variants: [{ says: 'that it isn’t verified', idToken: { email_verified: false }, person: { isVerified: false } }],
  },
  {
    // X Developer Platform: "OAuth 2.0 Authorization Code Flow with PKCE", "Get my User"
    id: 'twitter',
    real: twitter(client),
    at: (origin) => twitter({ ...client, ...plain(origin) }),
    url: 'https://x.com/i/oauth2/authorize',
    params: { ...COMMON, scope: 'users.read tweet.read' },
    sends: { pkce: true, nonce: false },
    clientAuth: 'basic',
    api: {
      '/me': {
        data: {
          id: '2244994945',
          name: 'Ada Lovelace',
          username: 'ada',
          profile_image_url: 'https://pbs.twimg.com/profile_images/1/ada_normal.jpg',
        },
      },
    },
    accountId: '2244994945',
    person: {
      email: null,
      isVerified: false,
      name: 'Ada Lovelace',
      image: 'https://pbs.twimg.com/profile_images/1/ada_normal.jpg',
    },
    variants: [
      {
        says: 'a confirmed address',
        api: {
          '/me': {
            data: { id: '2244994945', name: 'Ada Lovelace', username: 'ada', confirmed_email: 'ada@engine.example' },
          },
        },
        person: { email: 'ada@engine.example', isVerified: true, image: null },
      },
    ],
  },
  {
    // Twitch Developers: "Using OIDC to get OAuth Access Tokens"
    id: 'twitch',
    real: twitch({ ...client, endpoints: endpoints('https://id.twitch.tv/oauth2/authorize') }),
    at: (origin) => twitch({ ...client, issuer: origin }),
    url: 'https://id.twitch.tv/oauth2/authorize',
    params: {
      ...COMMON,
      scope: 'openid user:read:email',
      claims: '{"id_token":{"email":null,"email_verified":null,"picture":null,"preferred_username":null}}',
    },
    sends: BOTH,
    clientAuth: 'post',
    idToken: {
      sub: '713936733',
      azp: 'client-1',
      email: 'ada@engine.example',
      email_verified: true,
      picture: 'https://static-cdn.jtvnw.net/jtv_user_pictures/ada.png',
      preferred_username: 'Ada',
    },
    tokens: { scope: ['openid', 'user:read:email'] },
    accountId: '713936733',
    person: {
      email: 'ada@engine.example',
      isVerified: true,
      name: 'Ada',
      image: 'https://static-cdn.jtvnw.net/jtv_user_pictures/ada.png',
    },
    variants: [{ says: 'that it isn’t verified', idToken: { email_verified: false }, person: { isVerified: false } }],
  },
  {
    // Spotify for Developers: "Authorization Code Flow", Web API "Get Current User's Profile"
    id: 'spotify',
    real: spotify(client),
    at: (origin) => spotify({ ...client, ...plain(origin) }),
    url: 'https://accounts.spotify.com/authorize',
    params: { ...COMMON, scope: 'user-read-email' },
    sends: { pkce: true, nonce: false },
    clientAuth: 'basic',
    api: {
      '/me': {
        id: 'ada1815',
        display_name: 'Ada Lovelace',
        email: 'ada@engine.example',
        images: [{ url: 'https://i.scdn.co/image/ada', height: 300, width: 300 }],
        type: 'user',
        uri: 'spotify:user:ada1815',
      },
    },
    accountId: 'ada1815',
    person: {
      email: 'ada@engine.example',
      isVerified: false,
      name: 'Ada Lovelace',
      image: 'https://i.scdn.co/image/ada',
    },
    variants: [
      {
        says: 'no name and no image',
        api: { '/me': { id: 'ada1815', display_name: null, email: 'ada@engine.example', images: [] } },
        person: { name: null, image: null },
      },
    ],
  },
  {
    // Keycloak: "Server Administration Guide", "OpenID Connect client", the client scopes `profile` and `email`
    id: 'keycloak',
    real: keycloak({
      ...client,
      issuer: 'https://id.engine.example/realms/main',
      endpoints: endpoints('https://id.engine.example/realms/main/protocol/openid-connect/auth'),
    }),
    at: (origin) => keycloak({ ...client, issuer: `${origin}/realms/main` }),
    url: 'https://id.engine.example/realms/main/protocol/openid-connect/auth',
    params: { ...COMMON, scope: OIDC_SCOPE },
    sends: BOTH,
    clientAuth: 'basic',
    issuer: (origin) => `${origin}/realms/main`,
    idToken: {
      sub: '6c5ac6a6-6f0e-4d2e-9b3e-0a8d3c8f1b11',
      typ: 'ID',
      azp: 'client-1',
      sid: 'd1f3c1a0-0000-4000-8000-000000000000',
      acr: '1',
      email_verified: true,
      name: 'Ada Lovelace',
      preferred_username: 'ada',
      email: 'ada@engine.example',
    },
    accountId: '6c5ac6a6-6f0e-4d2e-9b3e-0a8d3c8f1b11',
    person: { email: 'ada@engine.example', isVerified: false, name: 'Ada Lovelace', image: null },
    variants: [],
  },
  {
    // Auth0 Docs: "ID Token Structure"
    id: 'auth0',
    real: auth0({
      ...client,
      issuer: 'https://engine.eu.auth0.com',
      endpoints: endpoints('https://engine.eu.auth0.com/authorize'),
    }),
    at: (origin) => auth0({ ...client, issuer: origin }),
    url: 'https://engine.eu.auth0.com/authorize',
    params: { ...COMMON, scope: OIDC_SCOPE },
    sends: BOTH,
    clientAuth: 'basic',
    issuer: (origin) => `${origin}/`,
    idToken: {
      sub: 'auth0|5f7c8ec7c33c6c004bbafe82',
      nickname: 'ada',
      name: 'Ada Lovelace',
      picture: 'https://s.gravatar.com/avatar/ada.png',
      updated_at: '2026-11-29T12:00:00.000Z',
      email: 'ada@engine.example',
      email_verified: true,
    },
    accountId: 'auth0|5f7c8ec7c33c6c004bbafe82',
    person: {
      email: 'ada@engine.example',
      isVerified: false,
      name: 'Ada Lovelace',
      image: 'https://s.gravatar.com/avatar/ada.png',
    },
    variants: [],
  },
  {
    // Okta Developer: "OpenID Connect & OAuth 2.0 API", "ID token claims", "Scope-dependent claims"
    id: 'okta',
    real: okta({
      ...client,
      issuer: 'https://engine.okta.com',
      endpoints: endpoints('https://engine.okta.com/oauth2/v1/authorize'),
    }),
    at: (origin) => okta({ ...client, issuer: origin }),
    url: 'https://engine.okta.com/oauth2/v1/authorize',
    params: { ...COMMON, scope: OIDC_SCOPE },
    sends: BOTH,
    clientAuth: 'basic',
    idToken: { sub: '00uid4BxXw6I6TV4m0g3', ver: 1, amr: ['pwd'], idp: '00ok1u7AsAkrwdZL3z0g3' },
    api: {
      '/userinfo': {
        sub: '00uid4BxXw6I6TV4m0g3',
        name: 'Ada Lovelace',
        preferred_username: 'ada@engine.example',
        email: 'ada@engine.example',
        email_verified: true,
        zoneinfo: 'Europe/London',
      },
    },
    accountId: '00uid4BxXw6I6TV4m0g3',
    person: { email: 'ada@engine.example', isVerified: false, name: 'Ada Lovelace', image: null },
    variants: [],
  },
]

/** The addresses of a stand-in without discovery. */
function plain(origin: string) {
  return { authorization: `${origin}/authorize`, token: `${origin}/token`, userinfo: `${origin}/me` }
}
