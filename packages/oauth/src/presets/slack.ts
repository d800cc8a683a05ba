import type { OidcProvider } from '../provider.ts'
import { type StandardClaims, toPerson } from './claims.ts'
import { type OidcPresetOptions, oidcPreset } from './options.ts'

/** What Slack's id_token says of a person. */
export interface SlackProfile extends StandardClaims {
  /** When the address was verified, in Unix seconds. */
  readonly date_email_verified?: number
  readonly 'https://slack.com/user_id'?: string
  /** The workspace that the person signed in with. */
  readonly 'https://slack.com/team_id'?: string
}

/** What {@link slack} takes. */
export interface SlackOptions<TId extends string> extends OidcPresetOptions<TId, SlackProfile> {
  /**
   * The id of a workspace, whose sign-in page Slack shows at once. A wish, no check: to let in one workspace only, compare
   * `profile['https://slack.com/team_id']` in the signIn callback.
   *
   * @default the person chooses
   */
  readonly team?: string
}

/**
 * Sign in with Slack, by OpenID Connect.
 *
 * - Register: Slack API, "Your Apps", "OAuth & Permissions", with the user scopes `openid`, `profile` and `email`. Redirect URL:
 *   `/auth/callback/slack`, https only.
 * - Scopes: `openid profile email`.
 * - Verified e-mail: yes, if the token says so (`email_verified`).
 * - A person has an account per workspace, so one with two workspaces is two accounts here.
 *
 * @example slack({ clientId: process.env.SLACK_ID!, clientSecret: process.env.SLACK_SECRET! })
 */
export function slack<const TId extends string = 'slack'>(options: SlackOptions<TId>): OidcProvider<TId> {
  const { team, ...rest } = options
  return oidcPreset({ ...SLACK, ...(team !== undefined && { authorizationParams: { team } }), profile: toPerson }, rest)
}

const SLACK = {
  id: 'slack',
  name: 'Slack',
  issuer: 'https://slack.com',
  scope: 'openid profile email',
  trustEmail: true,
  // Slack's OpenID endpoints know no PKCE, and fail if an app with it sends the client secret, too. The nonce binds the code to the browser.
  quirks: { noPkce: true },
}
