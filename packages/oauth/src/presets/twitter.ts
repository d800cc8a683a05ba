import type { OAuth2Provider, ProviderPerson } from '../provider.ts'
import { type OAuth2PresetOptions, oauth2Preset } from './options.ts'

/** What X's `/2/users/me` says of a person. */
export interface TwitterProfile {
  readonly data: {
    readonly id: string
    readonly name: string
    /** The handle. It can change. */
    readonly username: string
    readonly profile_image_url?: string
    /** Only with `email`, and if the account has one. */
    readonly confirmed_email?: string
  }
}

/** What {@link twitter} takes. */
export interface TwitterOptions<TId extends string> extends OAuth2PresetOptions<TId, TwitterProfile> {
  /**
   * Also asks for the address (the scope `users.email`). The app needs "Request email from users" in its settings at X, which asks for a
   * privacy policy.
   *
   * @default false
   */
  readonly email?: boolean
}

/**
 * Sign in with X (once Twitter), by plain OAuth 2.
 *
 * - Register: X Developer Portal, a project's app, "User authentication settings", type "Web App". Callback URI: `/auth/callback/twitter`.
 * - Scopes: `users.read tweet.read`, which X wants both for reading who it is. Add `offline.access` for a refresh token.
 * - Verified e-mail: none is sent, unless `email` is set. Then it is the confirmed address of the account, and counts as verified.
 * - X requires PKCE, and the client secret by HTTP Basic.
 *
 * @example twitter({ clientId: process.env.X_ID!, clientSecret: process.env.X_SECRET! })
 */
export function twitter<const TId extends string = 'twitter'>(options: TwitterOptions<TId>): OAuth2Provider<TId> {
  const { email = false, ...rest } = options
  const scope = 'users.read tweet.read'
  const fields = 'profile_image_url'
  return oauth2Preset(
    {
      ...X,
      scope: email ? `${scope} users.email` : scope,
      userinfo: `https://api.x.com/2/users/me?user.fields=${email ? `${fields},confirmed_email` : fields}`,
      profile: toPerson,
    },
    rest,
  )
}

const X = {
  id: 'twitter',
  name: 'X',
  authorization: 'https://x.com/i/oauth2/authorize',
  token: 'https://api.x.com/2/oauth2/token',
  clientAuth: 'client_secret_basic',
  trustEmail: true,
} as const

function toPerson({ data: { id, name, profile_image_url, confirmed_email } }: TwitterProfile): ProviderPerson {
  return { id, name, email: confirmed_email, emailVerified: confirmed_email !== undefined, image: profile_image_url }
}
