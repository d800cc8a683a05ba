import type { Engine } from '../config/engine.ts'
import type { AnyProvider } from '../contract/provider.ts'
import type { Installed } from '../contract/installed.ts'
import type { StartParams } from '../session/strategy.ts'
import type { KnownName } from './devices.ts'

/** A provider whose names strangers can guess passwords for. */
export function isGuessable({ type, identify }: Pick<AnyProvider, 'type' | 'identify'>): boolean {
  return type === 'credentials' && identify !== null && identify !== undefined
}

/**
 * The names that a device is known for from now on: the one that was typed, and the user's address, if it is proven to be theirs or the
 * plug-in that signed them in has the provider itself.
 */
export function findKnownNames(
  { settings, plugins }: Engine & { readonly plugins: Pick<Installed, 'providers'> },
  { user, account }: StartParams,
  typed: string | null,
): readonly KnownName[] {
  if (!settings.limits.signIn) return []
  const guessable = [...settings.providers.values()].filter(isGuessable)
  const { email, emailVerified } = user
  return guessable.flatMap(({ id: provider }): KnownName[] => {
    if (typed !== null && provider === account.provider) return [{ provider, name: typed }]
    const isOwn = provider === account.provider || plugins.providers.get(provider) === account.provider
    return typeof email === 'string' && (emailVerified || isOwn) ? [{ provider, name: email }] : []
  })
}
