import type { PasswordHasher } from '../hashing/hasher.ts'
import { isEqual } from '../hashing/is-equal.ts'
import { deriveKey } from '../hashing/scrypt.ts'

/** `<salt in hex>:<key in hex>`, as its table `account` has it in the column `password`. */
const FORM = /^([0-9a-f]{32}):([0-9a-f]{128})$/
/** N = 16384, r = 16, p = 1. */
const PARAMETERS = { ln: 14, r: 16, p: 1 }

const SALT_BYTES = 16
const KEY_BYTES = 64

/**
 * The scrypt hashes of better-auth. In `legacy` they are checked, and replaced when their owner signs in.
 *
 * As `hasher` they are also made: for the time in which an app on better-auth serves the same people, and must be able to check their passwords.
 * They take half of the work that OWASP asks for, so don't keep them for longer.
 *
 * @example password({ hasher: betterAuth(), … })
 */
export function betterAuth(): PasswordHasher {
  return {
    name: 'better-auth',
    hash: async (password) => {
      const salt = toHex(crypto.getRandomValues(new Uint8Array(SALT_BYTES)))
      const key = await deriveKey({ password: password.normalize('NFKC'), salt, length: KEY_BYTES, ...PARAMETERS })
      return `${salt}:${toHex(key)}`
    },
    needsRehash: () => false,
    reads: (stored) => FORM.test(stored),
    verify: async (stored, password) => {
      const [, salt, key] = FORM.exec(stored) ?? []
      if (salt === undefined || key === undefined) return false
      const expected = fromHex(key)
      // The salt is its text, and not the bytes that it stands for.
      const input = { password: password.normalize('NFKC'), salt, length: expected.length, ...PARAMETERS }
      return isEqual(await deriveKey(input), expected)
    },
  }
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
