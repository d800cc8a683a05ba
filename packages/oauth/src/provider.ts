import type { Awaitable, User } from '@latchkey/core'

/** What the provider's token endpoint returned (RFC 6749 section 5.1), unchanged, with the time at which the access token ends. */
export interface ProviderTokens {
  readonly access_token: string
  readonly token_type: string
  readonly refresh_token?: string | undefined
  readonly id_token?: string | undefined
  readonly scope?: string | undefined
  readonly expires_in?: number | undefined
  /** Unix seconds at which the access token ends; absent if the provider doesn't say. */
  readonly expires_at?: number | undefined
  readonly [field: string]: unknown
}

/** What the provider says of a person: the claims of the id_token and userinfo, or the JSON of its user endpoint. */
export type ProviderProfile = Readonly<Record<string, unknown>>

/** Whom a provider's profile describes. Fields of the app's own are written if the store has a column for them. */
export interface ProviderPerson extends Omit<User, 'id'> {
  /** The user's id at the provider, never an e-mail address. With OpenID Connect it is `sub`, whatever stands here. */
  readonly id?: string | number | undefined
  /** Whether the provider says that the address is verified. Counts only if {@link ProviderOptions.trustEmail} is set. @default false */
  readonly emailVerified?: boolean | undefined
  readonly [field: string]: unknown
}

/** What a `profile` function may look at besides the profile. */
export interface ProfileContext {
  readonly tokens: ProviderTokens
  /** Fields that came with the callback itself, besides the protocol's own: Apple sends `user`. Nobody has signed them. */
  readonly callback: Readonly<Record<string, string>>
}

/** What a `userinfo` function is given. */
export interface UserinfoContext {
  readonly tokens: ProviderTokens
  /**
   * Fetches JSON with the access token: `Authorization: Bearer`, 5 seconds and 1 MB at most, no redirects. Throws unless the status is 2xx.
   *
   * @example await fetchJson('https://api.github.com/user/emails')
   */
  readonly fetchJson: (url: string, init?: UserinfoRequest) => Promise<unknown>
}

/** What {@link UserinfoContext.fetchJson} may add to a request. */
export interface UserinfoRequest {
  readonly method?: 'GET' | 'POST' | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
}

/** A client secret; a function for one that is made anew, such as Apple's signed one. Called for each request to the token endpoint. */
export type ClientSecret = string | ((context: { readonly now: Date }) => Awaitable<string>)

/** How the client authenticates at the token endpoint. `'none'`: a public client, known by PKCE alone. */
export type ClientAuth = 'client_secret_basic' | 'client_secret_post' | 'none'

/** What every provider takes, by whichever protocol. */
export interface ProviderOptions<TId extends string = string, TProfile extends object = ProviderProfile> {
  /** The value of `provider` in what `signIn` takes, and the last part of the callback's path: `/auth/callback/<id>`. */
  readonly id: TId
  /** Its name for a sign-in page. @default the id */
  readonly name?: string | undefined
  /** The app's own id at the provider, as its registration there shows it. */
  readonly clientId: string
  /** The secret of that registration. Never in code: read it from the environment. @default none: a public client */
  readonly clientSecret?: ClientSecret | undefined
  /** How the app shows its secret. @default 'client_secret_basic' (RFC 6749 section 2.3.1), or 'none' without a secret */
  readonly clientAuth?: ClientAuth | undefined
  /** What is asked for, separated by spaces; nothing is added to it. @default 'openid profile email' with OpenID Connect, else none */
  readonly scope?: string | undefined
  /**
   * Further parameters of the authorization request: `prompt`, `access_type`. The flow's own (`state`, `redirect_uri`, …) can't be set.
   *
   * @default none
   */
  readonly authorizationParams?: Readonly<Record<string, string>> | undefined
  /** Further parameters of requests to the token endpoint. @default none */
  readonly tokenParams?: Readonly<Record<string, string>> | undefined
  /** How the provider sends the browser back: `'form_post'` is a POST of another site's page (Apple). @default 'query' */
  readonly responseMode?: 'query' | 'form_post' | undefined
  /**
   * Maps the profile to a user's fields.
   *
   * @default the standard claims of OpenID Connect: `sub` (or `id`), `name`, `email`, `email_verified`, `picture`
   */
  readonly profile?: ((profile: TProfile, context: ProfileContext) => Awaitable<ProviderPerson>) | undefined
  /**
   * Whether the provider checks that an address is its user's before it says so (`emailVerified`). Only then an account at the provider is
   * linked to a user who has the same address and has verified it, too.
   *
   * @default false
   */
  readonly trustEmail?: boolean | undefined
  /**
   * Whether `amr` of the id_token counts as this app's own check: an `mfa` there spares the person the app's second factor, and satisfies
   * `requireFactor('mfa')`. For a provider whose policy you know: your company's.
   *
   * @default false
   */
  readonly trustAmr?: boolean | undefined
  /** Fields of the token response that `account` has besides the standard ones, for the callbacks. @default all of them, unchanged */
  readonly account?: ((tokens: ProviderTokens) => Readonly<Record<string, unknown>>) | undefined
  /** For providers that depart from the standards. @default none */
  readonly quirks?: ProviderQuirks | undefined
}

/** Where a provider departs from the standards. Each one has a cost in safety or clarity: set one only if the provider fails without it. */
export interface ProviderQuirks {
  /** The provider refuses PKCE (RFC 7636). `state`, and with OpenID Connect the nonce, still bind the flow. */
  readonly noPkce?: boolean | undefined
  /** The provider's id_tokens lack the `nonce` that was sent. PKCE and `state` still bind the flow. */
  readonly noNonce?: boolean | undefined
  /** The provider puts an id_token into its answer, but isn't an OpenID provider: it is ignored. Only for `oauth2()`. */
  readonly ignoreIdToken?: boolean | undefined
  /** Turns the token endpoint's response into what RFC 6749 says. */
  readonly readTokenResponse?: ((response: Response) => Awaitable<Response>) | undefined
  /**
   * Sends the requests to the provider: through an HTTP proxy, say, or with a parameter under another name.
   *
   * @default the runtime's `fetch`
   */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** Addresses of a provider. */
export interface ProviderEndpoints {
  readonly authorization?: string | undefined
  readonly token?: string | undefined
  readonly userinfo?: string | undefined
  readonly jwks?: string | undefined
}

/** What `oidc()` takes. */
export interface OidcOptions<
  TId extends string = string,
  TProfile extends object = ProviderProfile,
> extends ProviderOptions<TId, TProfile> {
  /** Exactly as the provider writes it in its discovery document and id_tokens. https, or http on this machine. */
  readonly issuer: string
  /** Where the discovery document is. @default the issuer's `/.well-known/openid-configuration` */
  readonly discovery?: string | undefined
  /**
   * Addresses that count instead of the discovery document's. With `authorization`, `token` and `jwks` it isn't fetched at all.
   *
   * @default none
   */
  readonly endpoints?: ProviderEndpoints | undefined
  /**
   * The issuer of an id_token, for a provider with an issuer per tenant whose discovery document has a placeholder (Microsoft Entra).
   *
   * @default the issuer
   */
  readonly expectedIssuer?: ((claims: ProviderProfile) => string) | undefined
  /** Algorithm of the id_token's signature. @default any that the discovery document names, but none with a shared secret */
  readonly idTokenAlg?: string | undefined
  /**
   * Whether the userinfo endpoint is asked besides the id_token. `'auto'`: if the scope asks for `email` or `profile` and the id_token lacks
   * `email` or `name`.
   *
   * @default 'auto'
   */
  readonly userinfo?: 'auto' | 'always' | 'never' | undefined
}

/** What `oauth2()` takes: a provider of plain OAuth 2, which says where its endpoints are and has no id_token. */
export interface OAuth2Options<
  TId extends string = string,
  TProfile extends object = ProviderProfile,
> extends ProviderOptions<TId, TProfile> {
  /** The authorization endpoint; it may have parameters of its own. */
  readonly authorization: string
  /** The token endpoint. */
  readonly token: string
  /** Where the profile is: the address of a JSON document, or a function that puts it together. */
  readonly userinfo: string | ((context: UserinfoContext) => Awaitable<TProfile>)
  /** What its responses have in `iss` (RFC 9207), if it sends that. @default `iss` isn't expected */
  readonly issuer?: string | undefined
}

/** A provider that is found by discovery: what `oidc()` and presets return. */
export interface OidcProvider<TId extends string = string> extends OidcOptions<TId> {
  readonly type: 'oidc'
}

/** A provider of plain OAuth 2: what `oauth2()` and presets return. */
export interface OAuth2Provider<TId extends string = string> extends OAuth2Options<TId> {
  readonly type: 'oauth'
}

/** An entry of the list that `oauth()` takes. Plain data: a preset may be spread and changed. */
export type OAuthProvider<TId extends string = string> = OidcProvider<TId> | OAuth2Provider<TId>

/**
 * An OpenID provider, found by discovery.
 *
 * @example oidc({ id: 'acme', issuer: 'https://id.acme.example', clientId: '…', clientSecret: process.env.ACME_SECRET! })
 */
export function oidc<const TId extends string, TProfile extends object = ProviderProfile>(
  options: OidcOptions<TId, TProfile>,
): OidcProvider<TId> {
  // The profile is the provider's JSON, whichever type the options give it.
  return { ...options, type: 'oidc' } as OidcProvider<TId>
}

/**
 * A provider of plain OAuth 2. (`oauth` is the name of the plug-in.)
 *
 * @example
 * oauth2({
 *   id: 'acme',
 *   clientId: '…',
 *   clientSecret: process.env.ACME_SECRET!,
 *   authorization: 'https://acme.example/oauth/authorize',
 *   token: 'https://acme.example/oauth/token',
 *   userinfo: 'https://acme.example/api/me',
 *   scope: 'profile',
 *   profile: ({ id, login }: { id: number; login: string }) => ({ id, name: login }),
 * })
 */
export function oauth2<const TId extends string, TProfile extends object = ProviderProfile>(
  options: OAuth2Options<TId, TProfile>,
): OAuth2Provider<TId> {
  // As in oidc().
  return { ...options, type: 'oauth' } as OAuth2Provider<TId>
}
