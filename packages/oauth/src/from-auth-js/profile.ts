import { isTrue } from '../presets/claims.ts'
import type { ProfileContext, ProviderPerson, ProviderProfile, UserinfoContext } from '../provider.ts'
import { toUrl } from './endpoint.ts'
import type { Settings } from './settings.ts'

/** The provider's own `profile`, or Auth.js' for one that has none. */
export function toProfile(
  settings: Settings,
): (profile: ProviderProfile, context: ProfileContext) => Promise<ProviderPerson> {
  const map = settings.profile as ProfileHook | undefined // Auth.js' contract
  return async (profile, { tokens, callback }) => {
    const found = { ...profile, ...(settings.isSpecial && readAppleUser(callback.user)) }
    const { emailVerified, ...person }: Readonly<Record<string, unknown>> = Object(
      map ? await map(found, { ...tokens }) : readStandardProfile(found),
    )
    // In Auth.js it is a date, and of the app's own row.
    const isVerified = typeof emailVerified === 'boolean' ? emailVerified : isTrue(profile.email_verified)
    return { ...person, emailVerified: isVerified }
  }
}

type ProfileHook = (profile: Record<string, unknown>, tokens: object) => unknown

function readStandardProfile(profile: ProviderProfile): Record<string, unknown> {
  const { sub, id, name, nickname, preferred_username, email, picture } = profile
  return { id: sub ?? id, name: name ?? nickname ?? preferred_username, email, image: picture }
}

/** Auth.js hands Apple's `user`, which comes with the callback, to `profile` as one of the claims. */
function readAppleUser(user: string | undefined): { readonly user?: unknown } {
  try {
    return user === undefined ? {} : { user: JSON.parse(user) }
  } catch {
    return {}
  }
}

/** Where a provider of plain OAuth 2 has its profile: an address, or the provider's own request. */
export function toUserinfo(settings: Settings): string | ((context: UserinfoContext) => Promise<ProviderProfile>) {
  const request = settings.userinfo.request as UserinfoHook | undefined // Auth.js' contract
  if (!request) return toUrl(settings.userinfo) ?? ''
  const provider = { ...settings, userinfo: toAddress(settings, 'userinfo'), token: toAddress(settings, 'token') }
  return async ({ tokens }) => {
    const profile: unknown = await request({ tokens: { ...tokens }, provider })
    return Object(profile) as ProviderProfile // whatever it is, its fields are read as unknown
  }
}

type UserinfoHook = (context: { readonly tokens: object; readonly provider: object }) => unknown

/** An endpoint as Auth.js hands it to a provider's functions. */
function toAddress(settings: Settings, name: 'userinfo' | 'token'): { readonly url: URL } | undefined {
  const url = toUrl(settings[name])
  return url === undefined ? undefined : { url: new URL(url) }
}
