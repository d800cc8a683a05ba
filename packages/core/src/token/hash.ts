import { sha256 } from '#sha256'
import { fromBase64Url, randomBytes, toBase64Url } from '../internal/bytes.ts'

declare const brand: unique symbol

/** SHA-256 (base64url) of something that authenticates: the only form of it that a store may keep (C5). */
export type TokenHash = string & { readonly [brand]: 'TokenHash' }

export async function hashToken(token: string): Promise<TokenHash> {
  return toBase64Url(await sha256(token)) as TokenHash // the one place that makes the brand
}

/**
 * The row of a jwt session is found by its public id. The prefix keeps the two apart: an opaque token is bare base64url, so
 * nobody can present `jwt:<id>` as one.
 */
export function hashSessionId(sessionId: string): Promise<TokenHash> {
  return hashToken(`jwt:${sessionId}`)
}

const RANDOM_BYTES = 32
const TIME_BYTES = 6

/**
 * A session token without meaning to anybody else: 256 random bits and the moment of sign-in. The moment is bound by the hash,
 * so that also a store that keeps no such column (Auth.js's) can honour the absolute lifetime.
 */
export function createOpaqueToken(now: Date): string {
  const bytes = new Uint8Array(RANDOM_BYTES + TIME_BYTES)
  bytes.set(randomBytes(RANDOM_BYTES))
  new DataView(bytes.buffer).setUint16(RANDOM_BYTES, Math.floor(now.getTime() / 2 ** 32))
  new DataView(bytes.buffer).setUint32(RANDOM_BYTES + 2, now.getTime() % 2 ** 32)
  return toBase64Url(bytes)
}

/** When an opaque token was made, or null where the text can't be one. */
export function readOpaqueToken(token: string): Date | null {
  if (token.length > 64) return null
  const bytes = fromBase64Url(token)
  if (bytes?.length !== RANDOM_BYTES + TIME_BYTES) return null
  const view = new DataView(bytes.buffer)
  return new Date(view.getUint16(RANDOM_BYTES) * 2 ** 32 + view.getUint32(RANDOM_BYTES + 2))
}

/** A stable public id for a row that has none of its own (Auth.js's tables): a UUID made from its hash, which leads nowhere back. */
export async function deriveSessionId(sessionToken: string): Promise<string> {
  const bytes = (await sha256(`id:${sessionToken}`)).slice(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x40 // RFC 9562 section 5.4: version 4; 16 bytes are there
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
