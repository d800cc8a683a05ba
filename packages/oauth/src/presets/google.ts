import type { OidcProvider, ProviderPerson } from '../provider.ts'
import { isTrue, type StandardClaims } from './claims.ts'
import { type OidcPresetOptions, oidcPreset } from './options.ts'

/** What Google's id_token says of a person. */
export interface GoogleProfile extends StandardClaims {
  /** The domain of the person's Google Workspace; absent for accounts of their own. */
  readonly hd?: string
}

/**
 * Sign in with Google, by OpenID Connect.
 *
 * - Register: Google Cloud console, "Google Auth Platform", "Clients", type "Web application". Redirect URI: `/auth/callback/google`.
 * - Scopes: `openid profile email`. For an access to Google's APIs while the person is away, add the API's scope and
 *   `authorizationParams: { access_type: 'offline', prompt: 'consent' }`: without these Google gives no refresh token.
 * - Verified e-mail: for an address at gmail.com, and one in the person's Google Workspace (`hd`). Google checked any other address once, when
 *   the account was made, and says itself that it may be somebody else's by now.
 *
 * @example google({ clientId: process.env.GOOGLE_ID!, clientSecret: process.env.GOOGLE_SECRET! })
 */
export function google<const TId extends string = 'google'>(
  options: OidcPresetOptions<TId, GoogleProfile>,
): OidcProvider<TId> {
  return oidcPreset({ ...GOOGLE, profile: toPerson }, options)
}

const GOOGLE = {
  id: 'google',
  name: 'Google',
  issuer: 'https://accounts.google.com',
  scope: 'openid profile email',
  trustEmail: true,
}

function toPerson({ name, email, email_verified, picture, hd }: GoogleProfile): ProviderPerson {
  const isGoogles = hd !== undefined || /@gmail\.com$/i.test(email ?? '')
  return { name, email, emailVerified: isTrue(email_verified) && isGoogles, image: picture }
}
