import type { OAuth2Provider, ProviderPerson } from '../provider.ts'
import { type OAuth2PresetOptions, oauth2Preset } from './options.ts'

/** What Facebook's `/me` says of a person. */
export interface FacebookProfile {
  /** The person in this app: another app gets another id. */
  readonly id: string
  readonly name?: string
  /** Absent if the account has none (it was made with a phone number), or the person refused. */
  readonly email?: string
  readonly picture?: { readonly data: { readonly url: string } }
}

/**
 * Sign in with Facebook, by plain OAuth 2.
 *
 * - Register: Meta for Developers, "My Apps", the use case "Authenticate and request data from users with Facebook Login", with the permission
 *   `email`. Valid OAuth redirect URI: `/auth/callback/facebook`.
 * - Scopes: `public_profile email`.
 * - Verified e-mail: no. Facebook doesn't say whether it has checked an address.
 *
 * @example facebook({ clientId: process.env.FACEBOOK_ID!, clientSecret: process.env.FACEBOOK_SECRET! })
 */
export function facebook<const TId extends string = 'facebook'>(
  options: OAuth2PresetOptions<TId, FacebookProfile>,
): OAuth2Provider<TId> {
  return oauth2Preset({ ...FACEBOOK, profile: toPerson }, options)
}

const FACEBOOK = {
  id: 'facebook',
  name: 'Facebook',
  authorization: 'https://www.facebook.com/v24.0/dialog/oauth',
  token: 'https://graph.facebook.com/v24.0/oauth/access_token',
  userinfo: 'https://graph.facebook.com/v24.0/me?fields=id,name,email,picture',
  scope: 'public_profile email',
  clientAuth: 'client_secret_post',
  trustEmail: false,
} as const

function toPerson({ id, name, email, picture }: FacebookProfile): ProviderPerson {
  return { id, name, email, emailVerified: false, image: picture?.data.url }
}
