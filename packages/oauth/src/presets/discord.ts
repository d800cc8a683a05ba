import type { OAuth2Provider, ProviderPerson } from '../provider.ts'
import { type OAuth2PresetOptions, oauth2Preset } from './options.ts'

/** What Discord's `/users/@me` says of a person. */
export interface DiscordProfile {
  readonly id: string
  /** The user name, unique at Discord. It can change. */
  readonly username: string
  /** The name that others see. */
  readonly global_name: string | null
  /** The hash of the avatar's image. */
  readonly avatar: string | null
  readonly email?: string | null
  /** Whether the address has been verified. */
  readonly verified?: boolean
}

/**
 * Sign in with Discord, by plain OAuth 2.
 *
 * - Register: Discord Developer Portal, "Applications", "OAuth2". Redirect: `/auth/callback/discord`.
 * - Scopes: `identify email`.
 * - Verified e-mail: yes, if Discord's `verified` says so: people may use Discord before they have confirmed their address.
 *
 * @example discord({ clientId: process.env.DISCORD_ID!, clientSecret: process.env.DISCORD_SECRET! })
 */
export function discord<const TId extends string = 'discord'>(
  options: OAuth2PresetOptions<TId, DiscordProfile>,
): OAuth2Provider<TId> {
  return oauth2Preset({ ...DISCORD, profile: toPerson }, options)
}

const DISCORD = {
  id: 'discord',
  name: 'Discord',
  authorization: 'https://discord.com/oauth2/authorize',
  token: 'https://discord.com/api/oauth2/token',
  userinfo: 'https://discord.com/api/users/@me',
  scope: 'identify email',
  trustEmail: true,
}

function toPerson({ id, username, global_name, avatar, email, verified }: DiscordProfile): ProviderPerson {
  return { id, name: global_name ?? username, email, emailVerified: verified, image: toImage(id, avatar) }
}

/** An avatar's address; without one Discord draws one of six by the id. The hash of an animated one begins with `a_`. */
function toImage(id: string, avatar: string | null): string {
  const cdn = 'https://cdn.discordapp.com'
  if (avatar === null) return `${cdn}/embed/avatars/${(BigInt(id) >> 22n) % 6n}.png`
  return `${cdn}/avatars/${id}/${avatar}.${avatar.startsWith('a_') ? 'gif' : 'png'}`
}
