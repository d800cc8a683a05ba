import type { ProviderType } from '../contract/user.ts'
import { AuthError } from '../errors.ts'

const BY_TYPE: Readonly<Record<ProviderType, readonly string[]>> = {
  credentials: ['pwd'],
  email: ['email'],
  oauth: ['fed'],
  oidc: ['fed'],
  // Whether the person was verified is known to the check alone.
  webauthn: [],
}

/** What a provider of this type shows, unless it says so itself. */
export function readDefaultAmr(type: ProviderType): readonly string[] {
  return BY_TYPE[type]
}

/** One word: a table keeps them in one text. */
const WORD = /^[\w.:-]{1,64}$/

/**
 * The words of these lists, each once.
 *
 * @param from whose they are
 * @throws AuthError `CallbackRouteError` if one isn't a word
 */
export function mergeAmr(from: string, ...lists: readonly (readonly string[] | undefined)[]): readonly string[] {
  const words = [...new Set(lists.flatMap((list) => list ?? []))]
  if (words.every((word) => typeof word === 'string' && WORD.test(word))) return words
  throw new AuthError('CallbackRouteError', { cause: new Error(`"${from}" must name how somebody signed in by words`) })
}
