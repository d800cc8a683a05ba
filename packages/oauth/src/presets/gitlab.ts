import type { OidcProvider, ProviderPerson } from '../provider.ts'
import { isTrue, type StandardClaims } from './claims.ts'
import { type OidcPresetOptions, oidcPreset } from './options.ts'

/** What GitLab's id_token and userinfo say of a person. */
export interface GitLabProfile extends StandardClaims {
  /** The user name. */
  readonly nickname?: string
}

/** What {@link gitlab} takes. */
export interface GitLabOptions<TId extends string> extends OidcPresetOptions<TId, GitLabProfile> {
  /** Where your own GitLab is, as it calls itself (`external_url`). @default 'https://gitlab.com' */
  readonly baseUrl?: string
}

/**
 * Sign in with GitLab, by OpenID Connect: gitlab.com, or one of your own.
 *
 * - Register: GitLab, "Edit profile", "Applications" (or a group's or the instance's), confidential, with the scopes `openid`, `profile` and
 *   `email`. Redirect URI: `/auth/callback/gitlab`.
 * - Scopes: `openid profile email`.
 * - Verified e-mail: yes at gitlab.com, which confirms every address. No for a GitLab of your own, whose administrators can turn that off: set
 *   `trustEmail` if yours confirms addresses.
 * - The user's id is the number that Auth.js keeps, too.
 *
 * @example gitlab({ clientId: process.env.GITLAB_ID!, clientSecret: process.env.GITLAB_SECRET! })
 */
export function gitlab<const TId extends string = 'gitlab'>(options: GitLabOptions<TId>): OidcProvider<TId> {
  const { baseUrl = GITLAB_COM, ...rest } = options
  return oidcPreset({ ...GITLAB, issuer: baseUrl, trustEmail: baseUrl === GITLAB_COM, profile: toPerson }, rest)
}

const GITLAB_COM = 'https://gitlab.com'
const GITLAB = { id: 'gitlab', name: 'GitLab', scope: 'openid profile email' }

function toPerson({ name, nickname, email, email_verified, picture }: GitLabProfile): ProviderPerson {
  return { name: name ?? nickname, email, emailVerified: isTrue(email_verified), image: picture }
}
