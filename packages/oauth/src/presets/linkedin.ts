import type { OidcProvider } from '../provider.ts'
import { type StandardClaims, toPerson } from './claims.ts'
import { type OidcPresetOptions, oidcPreset } from './options.ts'

/** What LinkedIn's id_token says of a person. */
export interface LinkedInProfile extends StandardClaims {
  readonly given_name?: string
  readonly family_name?: string
}

/**
 * Sign in with LinkedIn, by OpenID Connect.
 *
 * - Register: LinkedIn Developers, "My apps", with the product "Sign In with LinkedIn using OpenID Connect". Redirect URL:
 *   `/auth/callback/linkedin`.
 * - Scopes: `openid profile email`.
 * - Verified e-mail: yes, if the token says so. LinkedIn has members confirm their primary address.
 * - LinkedIn's id_tokens lack the nonce, and its token endpoint refuses a client that sends PKCE's `code_verifier`. So only `state` and the
 *   client secret bind a code to this app and this browser: the least of all presets.
 *
 * @example linkedin({ clientId: process.env.LINKEDIN_ID!, clientSecret: process.env.LINKEDIN_SECRET! })
 */
export function linkedin<const TId extends string = 'linkedin'>(
  options: OidcPresetOptions<TId, LinkedInProfile>,
): OidcProvider<TId> {
  return oidcPreset({ ...LINKEDIN, profile: toPerson }, options)
}

const LINKEDIN = {
  id: 'linkedin',
  name: 'LinkedIn',
  issuer: 'https://www.linkedin.com/oauth',
  scope: 'openid profile email',
  clientAuth: 'client_secret_post',
  trustEmail: true,
  quirks: { noPkce: true, noNonce: true },
} as const
