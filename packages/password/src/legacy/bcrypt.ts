import { AuthError } from '@latchkey/core'
import type { PasswordVerifier } from '../hashing/hasher.ts'

/**
 * bcrypt: the hashes of bcryptjs and bcrypt (Auth.js examples), Rails, Laravel and PHP's `password_hash`. Needs the package `@node-rs/bcrypt`.
 *
 * bcrypt sees the first 72 bytes of a password only, and so does this check. The hash that replaces it sees all of them.
 */
export function bcrypt(): PasswordVerifier {
  return {
    name: 'bcrypt',
    reads: isBcrypt,
    verify: async (stored, password) => (await loadBcrypt()).verify(password, stored),
  }
}

/** `$2x$` marks hashes of an implementation that had a fault; others read them as if it hadn't. */
export function isBcrypt(text: string): boolean {
  return /^\$2[abxy]?\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/.test(text)
}

/** What is used of `@node-rs/bcrypt`. Its own types aren't named, so that apps without it compile. */
interface Bcrypt {
  readonly verify: (password: string, hash: string) => Promise<boolean>
}

/** Optional: apps that have no such hashes don't install it. @throws AuthError `Configuration` */
export async function loadBcrypt(): Promise<Bcrypt> {
  try {
    return await import('@node-rs/bcrypt')
  } catch (cause) {
    throw new AuthError('Configuration', {
      detail: 'password.legacy: install @node-rs/bcrypt, which checks bcrypt hashes',
      cause,
    })
  }
}
