import type { OidcProvider, ProviderPerson } from '../provider.ts'
import { isTrue, type StandardClaims } from './claims.ts'
import { type OidcPresetOptions, oidcPreset } from './options.ts'
import { withStandardFields } from './token-response.ts'

/** What Twitch's id_token says of a person, if the claims were asked for. */
export interface TwitchProfile extends Omit<StandardClaims, 'name'> {
  /** The name that others see. */
  readonly preferred_username?: string
}

/**
 * Sign in with Twitch, by OpenID Connect.
 *
 * - Register: Twitch Developer Console, "Applications", client type "Confidential". OAuth redirect URL: `/auth/callback/twitch`.
 * - Scopes: `openid user:read:email`. Twitch puts into the id_token what the parameter `claims` names, not what a scope stands for.
 * - Verified e-mail: yes, if the token says so (`email_verified`).
 * - Twitch's token endpoint returns `scope` as a list, and errors without `error`; the preset turns both into the standard's.
 *
 * @example twitch({ clientId: process.env.TWITCH_ID!, clientSecret: process.env.TWITCH_SECRET! })
 */
export function twitch<const TId extends string = 'twitch'>(
  options: OidcPresetOptions<TId, TwitchProfile>,
): OidcProvider<TId> {
  return oidcPreset({ ...TWITCH, profile: toPerson }, options)
}

const CLAIMS = { id_token: { email: null, email_verified: null, picture: null, preferred_username: null } }

const TWITCH = {
  id: 'twitch',
  name: 'Twitch',
  issuer: 'https://id.twitch.tv/oauth2',
  scope: 'openid user:read:email',
  authorizationParams: { claims: JSON.stringify(CLAIMS) },
  clientAuth: 'client_secret_post',
  trustEmail: true,
  userinfo: 'never',
  quirks: { readTokenResponse: withStandardFields },
} as const

function toPerson({ preferred_username, email, email_verified, picture }: TwitchProfile): ProviderPerson {
  return { name: preferred_username, email, emailVerified: isTrue(email_verified), image: picture }
}
