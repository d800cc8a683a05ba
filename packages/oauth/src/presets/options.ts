import {
  type ClientSecret,
  oauth2,
  type OAuth2Options,
  type OAuth2Provider,
  oidc,
  type OidcOptions,
  type OidcProvider,
} from '../provider.ts'

/** What a preset of an OpenID provider takes: the client, and whatever of `oidc()`'s options is to differ. */
export interface OidcPresetOptions<TId extends string, TProfile extends object> extends Partial<
  OidcOptions<TId, TProfile>
> {
  /** The app's own id at the provider, as its registration there shows it. */
  readonly clientId: string
  /** The secret of that registration. Never in code: read it from the environment. */
  readonly clientSecret: ClientSecret
}

/** What a preset of a provider takes that everybody runs for themselves: Keycloak, Auth0, Okta. */
export interface IssuerPresetOptions<TId extends string, TProfile extends object> extends Partial<
  OidcOptions<TId, TProfile>
> {
  /** The app's own id at the provider, as its registration there shows it. */
  readonly clientId: string
  /** Exactly as it stands in the discovery document, as `issuer`. */
  readonly issuer: string
}

/** What a preset of a provider of plain OAuth 2 takes: the client, and whatever of `oauth2()`'s options is to differ. */
export interface OAuth2PresetOptions<TId extends string, TProfile extends object> extends Partial<
  OAuth2Options<TId, TProfile>
> {
  /** The app's own id at the provider, as its registration there shows it. */
  readonly clientId: string
  /** The secret of that registration. Never in code: read it from the environment. */
  readonly clientSecret: ClientSecret
}

/** The preset, with the app's options in place of its own. */
export function oidcPreset<TId extends string, TProfile extends object>(
  preset: Omit<OidcOptions<string, TProfile>, 'clientId'>,
  options: Partial<OidcOptions<TId, TProfile>> & { readonly clientId: string },
): OidcProvider<TId> {
  // The id is the app's, or the preset's, which is the default of TId.
  return oidc(combine(preset, options) as OidcOptions<TId, TProfile>)
}

/** The preset, with the app's options in place of its own. */
export function oauth2Preset<TId extends string, TProfile extends object>(
  preset: Omit<OAuth2Options<string, TProfile>, 'clientId'>,
  options: Partial<OAuth2Options<TId, TProfile>> & { readonly clientId: string },
): OAuth2Provider<TId> {
  // As in oidcPreset().
  return oauth2(combine(preset, options) as OAuth2Options<TId, TProfile>)
}

/** What all presets have that is made of parts. */
type Parts = Pick<OidcOptions, 'authorizationParams' | 'quirks'>

/** An option that is undefined is none. Parameters and quirks are added to the preset's. */
function combine(preset: Parts, options: Parts): object {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  return {
    ...preset,
    ...given,
    authorizationParams: { ...preset.authorizationParams, ...options.authorizationParams },
    quirks: { ...preset.quirks, ...options.quirks },
  }
}
