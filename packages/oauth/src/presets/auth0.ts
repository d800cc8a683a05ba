import type { OidcProvider } from '../provider.ts'
import { type StandardClaims, toPerson } from './claims.ts'
import { type IssuerPresetOptions, oidcPreset } from './options.ts'

/** What Auth0's id_token says of a person. */
export interface Auth0Profile extends StandardClaims {
  readonly nickname?: string
}

/**
 * Sign in with a tenant of Auth0, by OpenID Connect.
 *
 * - Register: Auth0 dashboard, "Applications", "Regular Web Application". Allowed callback URL: `/auth/callback/auth0`.
 * - The issuer is `https://<tenant>.auth0.com/`, with the slash at its end, which is added if it is missing.
 * - Scopes: `openid profile email`. Add `offline_access` for a refresh token.
 * - Verified e-mail: no. What `email_verified` says depends on the connection that the person came through: one of a company, or a database
 *   of your own, may send `true` for an address that nobody has checked. Set `trustEmail` if all connections of the tenant verify addresses.
 *
 * @example auth0({ issuer: 'https://example.eu.auth0.com/', clientId: process.env.AUTH0_ID!, clientSecret: process.env.AUTH0_SECRET! })
 */
export function auth0<const TId extends string = 'auth0'>(
  options: IssuerPresetOptions<TId, Auth0Profile>,
): OidcProvider<TId> {
  // A text even while `next build` runs, which has no environment: then nothing else looks at it.
  const issuer = String(options.issuer).replace(/\/*$/, '/')
  return oidcPreset({ ...AUTH0, issuer, profile: toPerson }, { ...options, issuer })
}

const AUTH0 = { id: 'auth0', name: 'Auth0', scope: 'openid profile email', trustEmail: false }
