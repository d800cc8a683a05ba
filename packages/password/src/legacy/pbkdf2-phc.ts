import type { PasswordVerifier } from '../hashing/hasher.ts'
import { isEqual } from '../hashing/is-equal.ts'
import { deriveKey } from '../hashing/pbkdf2.ts'
import { parsePhc } from '../hashing/phc.ts'

const HASHES = { 'pbkdf2-sha256': 'SHA-256', 'pbkdf2-sha512': 'SHA-512' } as const

/** PBKDF2 in PHC form, `$pbkdf2-sha256$i=600000$…` or with `sha512`. (Argon2 and scrypt in that form: `argon2id()` and `scrypt()` read them.) */
export function pbkdf2Phc(): PasswordVerifier {
  return {
    name: 'pbkdf2-phc',
    reads: (stored) => parse(stored) !== null,
    verify: async (stored, password) => {
      const parsed = parse(stored)
      if (!parsed) return false
      const { expected, ...rest } = parsed
      const key = new TextEncoder().encode(password)
      return isEqual(await deriveKey({ ...rest, key, length: expected.length }), expected)
    },
  }
}

function parse(stored: string) {
  const parsed = parsePhc(stored)
  const hash = parsed && Object.entries(HASHES).find(([id]) => id === parsed.id)?.[1]
  const iterations = parsed?.parameters['i'] ?? 0
  if (!parsed || !hash || iterations < 1 || iterations > 10_000_000) return null
  return { hash, iterations, salt: parsed.salt, expected: parsed.hash }
}
