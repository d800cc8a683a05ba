import { type Account, type NewUser, parseEmailAddress } from '@latchkey/core'
import type { Redeemed } from '../grant/redeem.ts'
import type { OAuthProvider, ProviderPerson, ProviderProfile } from '../provider.ts'
import type { Server } from '../server/server.ts'
import { fetchProfile } from './userinfo.ts'

/** Whom a provider has shown, as the engine takes it. */
export interface Shown {
  readonly account: Account
  readonly person: NewUser
  readonly profile: ProviderProfile
  /** How they signed in there, as RFC 8176 names it, with `'fed'` first. */
  readonly amr: readonly string[]
}

/**
 * Finds out who signed in at the provider.
 *
 * @param callback the fields of the callback that aren't the protocol's
 * @throws Error
 */
export async function showPerson(
  server: Server,
  redeemed: Redeemed,
  callback: Readonly<Record<string, string>>,
  now: Date,
): Promise<Shown> {
  const { provider } = server
  const { tokens, claims } = redeemed
  const profile = await fetchProfile(server, redeemed)
  const mapped = await (provider.profile ?? mapStandardClaims)(profile, { tokens, callback })
  const { id: mappedId, emailVerified, email, ...rest } = mapped
  const id = claims ? claims.sub : mappedId
  return {
    account: {
      ...(provider.account ? provider.account(tokens) : tokens),
      provider: provider.id,
      type: provider.type,
      providerAccountId: requireId(provider, id),
    },
    person: {
      ...rest,
      email: typeof email === 'string' ? parseEmailAddress(email) : null,
      emailVerified: emailVerified === true && provider.trustEmail === true ? now : null,
    },
    profile,
    amr: ['fed', ...readMethods(provider, claims)],
  }
}

function mapStandardClaims({ id, sub = id, name, email, email_verified, picture }: ProviderProfile): ProviderPerson {
  return {
    id: typeof sub === 'number' ? sub : toText(sub),
    name: toText(name) ?? null,
    email: toText(email) ?? null,
    emailVerified: email_verified === true,
    image: toText(picture) ?? null,
  }
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Everybody without an id would be the same person, and 17 and '17' are one. */
function requireId({ id: provider }: OAuthProvider, id: unknown): string {
  if (typeof id === 'string' && id !== '') return id
  if (typeof id === 'number' && Number.isSafeInteger(id)) return String(id)
  throw new Error(`the profile of "${provider}" has no id`)
}

/** What the provider says of its own check counts only if the app trusts it to: `mfa` would spare the person the app's second factor. */
function readMethods({ trustAmr = false }: OAuthProvider, claims: ProviderProfile | null): readonly string[] {
  const { amr } = claims ?? {}
  if (!trustAmr || !Array.isArray(amr)) return []
  return amr.filter((name): name is string => typeof name === 'string' && /^[a-z]{2,12}$/.test(name)).slice(0, 10)
}
