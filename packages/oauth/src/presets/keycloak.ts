import type { OidcProvider } from '../provider.ts'
import { type StandardClaims, toPerson } from './claims.ts'
import { type IssuerPresetOptions, oidcPreset } from './options.ts'

/** What Keycloak's id_token says of a person. */
export interface KeycloakProfile extends StandardClaims {
  /** The user name. */
  readonly preferred_username?: string
}

/**
 * Sign in with a realm of Keycloak, by OpenID Connect.
 *
 * - Register: the admin console, "Clients", "OpenID Connect", with "Client authentication" on for a client secret. Valid redirect URI:
 *   `/auth/callback/keycloak`.
 * - The issuer is `https://<host>/realms/<realm>`.
 * - Scopes: `openid profile email`.
 * - Verified e-mail: no. An administrator of the realm can set the mark by hand. Set `trustEmail` if the realm is yours and has "Verify email"
 *   on.
 *
 * @example keycloak({ issuer: 'https://id.example.com/realms/main', clientId: 'web', clientSecret: process.env.KEYCLOAK_SECRET! })
 */
export function keycloak<const TId extends string = 'keycloak'>(
  options: IssuerPresetOptions<TId, KeycloakProfile>,
): OidcProvider<TId> {
  return oidcPreset({ ...KEYCLOAK, issuer: options.issuer, profile: toPerson }, options)
}

const KEYCLOAK = { id: 'keycloak', name: 'Keycloak', scope: 'openid profile email', trustEmail: false }
