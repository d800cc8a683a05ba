import { describeEntraIssuer } from '../presets/entra-issuer.ts'
import {
  type ClientAuth,
  oauth2,
  type OAuthProvider,
  oidc,
  type OidcOptions,
  type ProviderOptions,
  type ProviderTokens,
} from '../provider.ts'
import { splitUrl, toUrl } from './endpoint.ts'
import { toProfile, toUserinfo } from './profile.ts'
import { toQuirks } from './quirks.ts'
import { findRefusal } from './refusal.ts'
import { readSettings, type Settings } from './settings.ts'

/** What a function of `@auth/core/providers/*` or `next-auth/providers/*` returns (version 5). */
export interface AuthJsProvider {
  readonly id: string
  readonly type: 'oauth' | 'oidc'
}

/** What {@link fromAuthJs} takes besides the provider. */
export interface FromAuthJsOptions<TId extends string> {
  /**
   * The id, as a literal type: Auth.js' types say `string`, with which `signIn` can't tell clients which provider it means. Another id than
   * the provider's changes its callback's path.
   *
   * @default the provider's, typed `string`
   */
  readonly id?: TId
  /**
   * Whether the provider checks that an address is its user's before it sends `email_verified`.
   *
   * @default false
   */
  readonly trustEmail?: boolean
}

/**
 * A provider of Auth.js, as it is: its addresses, scopes, checks and functions are kept, and so is the user's id at the provider.
 *
 * Two things differ. `state` is always used, and the nonce unless `checks` leaves it out. And `allowDangerousEmailAccountLinking` is
 * refused.
 *
 * @example
 * import Strava from '@auth/core/providers/strava'
 * oauth([fromAuthJs(Strava({ clientId: '…', clientSecret: process.env.STRAVA_SECRET! }), { id: 'strava' })])
 *
 * @throws TypeError with the reason, if it can't be taken
 */
export function fromAuthJs<const TId extends string = string>(
  provider: AuthJsProvider,
  options: FromAuthJsOptions<TId> = {},
): OAuthProvider<TId> {
  const settings = readSettings(provider)
  const refusal = findRefusal(settings)
  if (refusal) throw new TypeError(`fromAuthJs can't take the provider ${settings.id}: ${refusal}`)
  const common = toCommon(settings, options)
  return settings.type === 'oidc' ? toOidc(settings, common) : toOAuth2(settings, common)
}

/** What both kinds have. */
function toCommon<TId extends string>(settings: Settings, options: FromAuthJsOptions<TId>): ProviderOptions<TId> {
  const { client, clientId, clientSecret, account } = settings
  const { scope, response_mode, ...params } = splitUrl(settings.authorization).params
  return {
    // Without an id in the options TId is string.
    id: options.id ?? (settings.id as TId),
    name: settings.name,
    clientId: clientId ?? '',
    clientSecret,
    clientAuth: client.token_endpoint_auth_method as ClientAuth | undefined, // findRefusal has looked at it
    // Auth.js sends this scope to every provider that names none.
    scope: (scope ?? 'openid profile email') || undefined,
    responseMode: response_mode === 'form_post' ? 'form_post' : 'query',
    authorizationParams: Object.fromEntries(Object.entries(params).filter(([name]) => !OWN_PARAMS.has(name))),
    profile: toProfile(settings),
    trustEmail: options.trustEmail ?? false,
    ...(account && { account: toAccount(account as AccountHook) }), // Auth.js' contract
    quirks: toQuirks(settings),
  }
}

/** What the flow itself puts into the authorization request. */
const OWN_PARAMS: ReadonlySet<string> = new Set(['client_id', 'redirect_uri', 'response_type', 'state', 'nonce'])

type AccountHook = (tokens: object) => object | undefined

function toAccount(account: AccountHook): NonNullable<ProviderOptions['account']> {
  return (tokens: ProviderTokens) => ({ ...account({ ...tokens }) })
}

function toOidc<TId extends string>(settings: Settings, common: ProviderOptions<TId>): OAuthProvider<TId> {
  return oidc({
    ...common,
    ...toIssuer(settings),
    endpoints: {
      authorization: splitUrl(settings.authorization).url,
      token: toUrl(settings.token),
      userinfo: toUrl(settings.userinfo),
    },
    idTokenAlg: settings.client.id_token_signed_response_alg as string | undefined, // metadata of the client (RFC 7591)
    userinfo: settings.idToken === false ? 'always' : settings.isSpecial ? 'never' : 'auto',
  })
}

/** The issuer. Auth.js rewrites Microsoft's documents; here the id_token is compared with the tenant that it names. */
function toIssuer({
  issuer = '',
  wellKnown,
  isSpecial,
}: Settings): Pick<OidcOptions, 'issuer' | 'discovery' | 'expectedIssuer'> {
  const [, authority, tenant] = /^(https:\/\/login\.microsoftonline\.[^/]+)\/([^/]+)\/v2\.0\/?$/.exec(issuer) ?? []
  return isSpecial && tenant ? describeEntraIssuer(tenant, authority) : { issuer, discovery: wellKnown }
}

function toOAuth2<TId extends string>(settings: Settings, common: ProviderOptions<TId>): OAuthProvider<TId> {
  const { issuer } = settings
  return oauth2({
    ...common,
    authorization: splitUrl(settings.authorization).url ?? '', // findRefusal has looked at it, and at the next
    token: toUrl(settings.token) ?? '',
    userinfo: toUserinfo(settings),
    issuer,
  })
}
