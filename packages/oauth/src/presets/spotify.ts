import type { OAuth2Provider, ProviderPerson } from '../provider.ts'
import { type OAuth2PresetOptions, oauth2Preset } from './options.ts'

/** What Spotify's `/v1/me` says of a person. */
export interface SpotifyProfile {
  readonly id: string
  readonly display_name: string | null
  readonly email?: string
  readonly images?: readonly { readonly url: string }[]
}

/**
 * Sign in with Spotify, by plain OAuth 2.
 *
 * - Register: Spotify for Developers, "Dashboard", "Web API". Redirect URI: `/auth/callback/spotify`; on your own machine
 *   `http://127.0.0.1:…`, as Spotify refuses `localhost`.
 * - Scopes: `user-read-email`.
 * - Verified e-mail: no. Spotify's documentation says that there is no proof that the address is the person's.
 *
 * @example spotify({ clientId: process.env.SPOTIFY_ID!, clientSecret: process.env.SPOTIFY_SECRET! })
 */
export function spotify<const TId extends string = 'spotify'>(
  options: OAuth2PresetOptions<TId, SpotifyProfile>,
): OAuth2Provider<TId> {
  return oauth2Preset({ ...SPOTIFY, profile: toPerson }, options)
}

const SPOTIFY = {
  id: 'spotify',
  name: 'Spotify',
  authorization: 'https://accounts.spotify.com/authorize',
  token: 'https://accounts.spotify.com/api/token',
  userinfo: 'https://api.spotify.com/v1/me',
  scope: 'user-read-email',
  trustEmail: false,
}

function toPerson({ id, display_name, email, images }: SpotifyProfile): ProviderPerson {
  return { id, name: display_name, email, emailVerified: false, image: images?.[0]?.url }
}
