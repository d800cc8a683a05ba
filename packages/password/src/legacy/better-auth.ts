import type { PasswordVerifier } from '../hashing/hasher.ts'
import { isEqual } from '../hashing/is-equal.ts'
import { deriveKey } from '../hashing/scrypt.ts'

/** `<salt in hex>:<key in hex>`, as its table `account` has it in the column `password`. */
const FORM = /^([0-9a-f]{32}):([0-9a-f]{128})$/
/** N = 16384, r = 16, p = 1. */
const PARAMETERS = { ln: 14, r: 16, p: 1 }

/** The scrypt hashes of better-auth. */
export function betterAuth(): PasswordVerifier {
  return {
    name: 'better-auth',
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

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
