import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

// 16 MiB and about 50 ms a guess: OWASP's second choice for scrypt, which stays below Node's default limit on memory.
const COST = { N: 2 ** 14, r: 8, p: 5 }
const KEY_LENGTH = 32

/** `salt:key`, both base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt)
  return `${salt.toString('base64url')}:${key.toString('base64url')}`
}

/** Somebody without a password takes as long to refuse as somebody with a wrong one: the time must not tell who has an account. */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [salt = '', key = ''] = (hash ?? DUMMY).split(':')
  const derived = await derive(password, Buffer.from(salt, 'base64url'))
  return timingSafeEqual(derived, Buffer.from(key, 'base64url')) && hash !== undefined
}

/** The hash of no password: 32 random bytes are not a key that anybody can find the password of. */
const DUMMY = `${randomBytes(16).toString('base64url')}:${randomBytes(KEY_LENGTH).toString('base64url')}`

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_LENGTH, COST, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
