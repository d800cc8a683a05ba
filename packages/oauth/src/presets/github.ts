import type { OAuth2Provider, ProviderPerson, UserinfoContext } from '../provider.ts'
import { type OAuth2PresetOptions, oauth2Preset } from './options.ts'
import { withErrorStatus } from './token-response.ts'

/** What GitHub's `/user` says of a person, with the addresses of `/user/emails`. */
export interface GitHubProfile {
  readonly id: number
  /** The user name. It can change, and be taken by somebody else afterwards. */
  readonly login: string
  readonly name: string | null
  readonly avatar_url: string
  /** All addresses of the account. */
  readonly emails: readonly GitHubEmail[]
}

/** An address of a GitHub account. */
export interface GitHubEmail {
  readonly email: string
  readonly primary: boolean
  readonly verified: boolean
}

/** What {@link github} takes. */
export interface GitHubOptions<TId extends string> extends OAuth2PresetOptions<TId, GitHubProfile> {
  /** Where GitHub Enterprise Server is. @default 'https://github.com' */
  readonly baseUrl?: string
}

/**
 * Sign in with GitHub, by plain OAuth 2: GitHub has no id_token.
 *
 * - Register: GitHub, "Settings", "Developer settings", "OAuth Apps" (or a GitHub App with the account permission "Email addresses: read").
 *   Callback URL: `/auth/callback/github`. An OAuth App has one callback URL: make an app per environment.
 * - Scopes: `read:user user:email`.
 * - Verified e-mail: yes. The address is the primary one of `/user/emails`, which says whether GitHub has verified it. The one on the public
 *   profile is not looked at.
 * - GitHub reports errors of the token endpoint with the status 200; the preset reads them as errors.
 *
 * @example github({ clientId: process.env.GITHUB_ID!, clientSecret: process.env.GITHUB_SECRET! })
 */
export function github<const TId extends string = 'github'>(options: GitHubOptions<TId>): OAuth2Provider<TId> {
  const { baseUrl = 'https://github.com', ...rest } = options
  const api = baseUrl === 'https://github.com' ? 'https://api.github.com' : `${baseUrl}/api/v3`
  const login = `${baseUrl}/login/oauth`
  return oauth2Preset(
    {
      ...GITHUB,
      issuer: login,
      authorization: `${login}/authorize`,
      token: `${login}/access_token`,
      userinfo: (context: UserinfoContext) => readProfile(api, context),
      profile: toPerson,
    },
    rest,
  )
}

const GITHUB = {
  id: 'github',
  name: 'GitHub',
  scope: 'read:user user:email',
  trustEmail: true,
  quirks: { readTokenResponse: withErrorStatus },
}

/** GitHub refuses requests without a user agent. */
const HEADERS = { accept: 'application/vnd.github+json', 'user-agent': 'latchkey' }

async function readProfile(api: string, { fetchJson }: UserinfoContext): Promise<GitHubProfile> {
  const [user, emails] = await Promise.all([
    fetchJson(`${api}/user`, { headers: HEADERS }),
    fetchJson(`${api}/user/emails`, { headers: HEADERS }),
  ])
  // What GitHub's REST API documents for the two.
  return { ...(user as GitHubProfile), emails: emails as readonly GitHubEmail[] }
}

function toPerson({ id, login, name, avatar_url, emails }: GitHubProfile): ProviderPerson {
  const primary = emails.find((email) => email.primary)
  return { id, name: name ?? login, email: primary?.email, emailVerified: primary?.verified, image: avatar_url }
}
