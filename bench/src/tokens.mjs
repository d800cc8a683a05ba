import { createCipheriv, createSecretKey, hkdfSync, randomBytes } from 'node:crypto'
import { cookieHeader, SECRET } from './people.mjs'

/** The name that Latchkey's session cookie has over plain http, which is also its salt. */
const NAME = 'latchkey.session'
const KEY = createSecretKey(
  Buffer.from(hkdfSync('sha256', SECRET, NAME, `Auth.js Generated Encryption Key (${NAME})`, 32)),
)
const HEADER = Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url')

/** Cookies of many people, each with a token of its own; sealed by hand, for a hundred thousand are wanted. */
export function sealMany(count, from = 0) {
  const now = Math.floor(Date.now() / 1_000)
  return Array.from({ length: count }, (_, index) => {
    const person = from + index
    const claims = {
      sub: `user-${person}`,
      name: 'Ada Lindqvist',
      email: `ada-${person}@example.com`,
      roles: ['admin'],
      iat: now,
      exp: now + 86_400,
      jti: `token-${person}`,
    }
    return cookieHeader(`${NAME}=${seal(JSON.stringify(claims))}`)
  })
}

/** A compact JWE (RFC 7516), `dir` with A256GCM. */
function seal(text) {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', KEY, iv).setAAD(Buffer.from(HEADER))
  const sealed = Buffer.concat([cipher.update(text), cipher.final()])
  return [
    HEADER,
    '',
    iv.toString('base64url'),
    sealed.toString('base64url'),
    cipher.getAuthTag().toString('base64url'),
  ].join('.')
}
