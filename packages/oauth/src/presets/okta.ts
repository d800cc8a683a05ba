import type { OidcProvider } from '../provider.ts'
import { type StandardClaims, toPerson } from './claims.ts'
import { type IssuerPresetOptions, oidcPreset } from './options.ts'

/** What Okta's id_token and userinfo say of a person. */
export interface OktaProfile extends StandardClaims {
  /** The login. */
  readonly preferred_username?: string
}

/**
 * Sign in with an organisation of Okta, by OpenID Connect.
 *
 * - Register: Okta admin console, "Applications", "OIDC - OpenID Connect", "Web Application". Sign-in redirect URI: `/auth/callback/okta`.
 * - The issuer is `https://<organisation>.okta.com`, or an authorisation server's of its own: `https://<organisation>.okta.com/oauth2/default`.
 * - Scopes: `openid profile email`.
 * - Verified e-mail: no. Administrators of the organisation write the addresses. Set `trustEmail` if the organisation is your own; never for a
 *   customer's.
 *
 * @example okta({ issuer: 'https://example.okta.com', clientId: process.env.OKTA_ID!, clientSecret: process.env.OKTA_SECRET! })
 */
export function okta<const TId extends string = 'okta'>(
  options: IssuerPresetOptions<TId, OktaProfile>,
): OidcProvider<TId> {
  return oidcPreset({ ...OKTA, issuer: options.issuer, profile: toPerson }, options)
}

const OKTA = { id: 'okta', name: 'Okta', scope: 'openid profile email', trustEmail: false }
