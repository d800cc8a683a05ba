import type { AuthError, Logger } from '@latchkey/core'
import type { BreachCheck } from './breached.ts'
import { isCommon } from './common.ts'
import { isAboutOwner } from './context.ts'
import { normalizePassword } from './normalize.ts'

/** More than any password manager makes; a bound for what one request may cost. */
export const MAX_LENGTH = 256

/** Why a password isn't accepted. */
export type PasswordRefusal = 'PasswordBreached' | 'PasswordTooCommon' | 'PasswordTooShort'

export interface RulesOptions {
  readonly minLength: number
  readonly words: readonly string[]
  readonly breached: BreachCheck | null
  readonly logger: Logger
  readonly error: (kind: PasswordRefusal) => AuthError<string>
}

/**
 * Refuses a password that shall be set, and doesn't hash it for that. `email`: whose it will be, if that is known.
 *
 * @throws AuthError a {@link PasswordRefusal}
 */
export type CheckRules = (password: string, email: string | null) => Promise<void>

export function createRules({ minLength, words, breached, logger, error }: RulesOptions): CheckRules {
  return async (given, email) => {
    const password = normalizePassword(given)
    if (countCharacters(password) < minLength) throw error('PasswordTooShort')
    if (isAboutOwner(password, email, words) || (await isCommon(password))) throw error('PasswordTooCommon')
    if (breached && (await isBreached(breached, password, logger))) throw error('PasswordBreached')
  }
}

/** Unicode's code points, as NIST SP 800-63B-4 counts them. */
export function countCharacters(text: string): number {
  return Array.from(text).length
}

/** A service that is down must not keep people from signing up. */
async function isBreached(check: BreachCheck, password: string, logger: Logger): Promise<boolean> {
  try {
    return await check(password)
  } catch (cause) {
    logger.warn('it could not be found out whether a password is known from leaks; it was accepted', cause)
    return false
  }
}
