import { argon2id } from '../hashing/argon2id.ts'
import type { PasswordVerifier } from '../hashing/hasher.ts'
import { isEqual } from '../hashing/is-equal.ts'
import { deriveKey as derivePbkdf2 } from '../hashing/pbkdf2.ts'
import { fromBase64 } from '../hashing/phc.ts'
import { deriveKey as deriveScrypt } from '../hashing/scrypt.ts'
import { isBcrypt, loadBcrypt } from './bcrypt.ts'

/**
 * The hashes of Django's `auth_user.password`: PBKDF2 (its default), Argon2, scrypt, and bcrypt with and without SHA-256 (these two need the
 * package `@node-rs/bcrypt`).
 */
export function django(): PasswordVerifier {
  const find = (stored: string) => KINDS.find(({ reads }) => reads(stored))
  return {
    name: 'django',
    reads: (stored) => find(stored) !== undefined,
    verify: async (stored, password) => (await find(stored)?.verify(stored, password)) ?? false,
  }
}

type Kind = Pick<PasswordVerifier, 'reads' | 'verify'>

const argon2 = argon2id()
const MAX_ITERATIONS = 10_000_000

const KINDS: readonly Kind[] = [
  createPbkdf2(/^pbkdf2_sha256\$(\d{1,8})\$([^$]+)\$([\w+/]+={0,2})$/, 'SHA-256'),
  createPbkdf2(/^pbkdf2_sha1\$(\d{1,8})\$([^$]+)\$([\w+/]+={0,2})$/, 'SHA-1'),
  {
    reads: (stored) => stored.startsWith('argon2$') && argon2.reads(stored.slice('argon2'.length)),
    verify: (stored, password) => argon2.verify(stored.slice('argon2'.length), password),
  },
  {
    reads: (stored) => stored.startsWith('bcrypt$') && isBcrypt(stored.slice('bcrypt$'.length)),
    verify: async (stored, password) => (await loadBcrypt()).verify(password, stored.slice('bcrypt$'.length)),
  },
  {
    reads: (stored) => stored.startsWith('bcrypt_sha256$') && isBcrypt(stored.slice('bcrypt_sha256$'.length)),
    // A digest first, so that all of a long password counts.
    verify: async (stored, password) =>
      (await loadBcrypt()).verify(await hashHex(password), stored.slice('bcrypt_sha256$'.length)),
  },
  { reads: (stored) => parseScrypt(stored) !== null, verify: verifyScrypt },
]

/** `<kind>$<iterations>$<salt>$<hash>`: the salt is text. */
function createPbkdf2(form: RegExp, hash: 'SHA-1' | 'SHA-256'): Kind {
  const parse = (stored: string) => {
    const [, iterations = '', salt = '', text = ''] = form.exec(stored) ?? []
    const expected = fromBase64(text)
    const count = Number(iterations)
    return expected && expected.length >= 20 && count >= 1 && count <= MAX_ITERATIONS ? { count, salt, expected } : null
  }
  return {
    reads: (stored) => parse(stored) !== null,
    verify: async (stored, password) => {
      const parsed = parse(stored)
      if (!parsed) return false
      const { count, salt, expected } = parsed
      const input = { hash, key: encode(password), salt: encode(salt), iterations: count, length: expected.length }
      return isEqual(await derivePbkdf2(input), expected)
    },
  }
}

/** `scrypt$<N>$<salt>$<r>$<p>$<hash>`: the salt is text. */
function parseScrypt(stored: string) {
  const [, n = '', salt = '', r = '', p = '', text = ''] = SCRYPT.exec(stored) ?? []
  const [expected, ln] = [fromBase64(text), Math.log2(Number(n))]
  const isPossible = Number.isInteger(ln) && ln >= 1 && ln <= 20
  return expected && expected.length >= 16 && isPossible ? { salt, expected, ln, r: Number(r), p: Number(p) } : null
}

const SCRYPT = /^scrypt\$(\d{1,7})\$([^$]+)\$([1-9]|[12]\d|3[0-2])\$([1-9]|1[0-6])\$([\w+/]+={0,2})$/

async function verifyScrypt(stored: string, password: string): Promise<boolean> {
  const parsed = parseScrypt(stored)
  if (!parsed) return false
  const { salt, expected, ln, r, p } = parsed
  return isEqual(await deriveScrypt({ password, salt, length: expected.length, ln, r, p }), expected)
}

async function hashHex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
