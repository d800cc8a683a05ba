import { sha256 } from '#runtime'
import { fromBase64Url, isCanonicalBase64Url, randomBytes, toBase64Url } from '../internal/bytes.ts'
import type { Awaitable } from '../internal/types.ts'

declare const brand: unique symbol

/** SHA-256 (base64url) of something that authenticates: the only form of it that a store may keep. */
export type TokenHash = string & { readonly [brand]: 'TokenHash' }

export function hashToken(token: string): Awaitable<TokenHash> {
  return sha256(token) as Awaitable<TokenHash> // the one place that makes the brand
}

/**
 * The row of a jwt session is found by its public id. The prefix keeps the two apart: an opaque token is bare base64url, so
 * `jwt:<id>` can't be presented as one.
 */
export function hashSessionId(sessionId: string): Awaitable<TokenHash> {
  return hashToken(JWT_ROW + sessionId)
}

const JWT_ROW = 'jwt:'

/** Whether a text would find the row of a jwt session, whose id is public: it must never be taken for a token. */
export function namesJwtRow(token: string): boolean {
  return token.startsWith(JWT_ROW)
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

/** What that many bytes are long in base64url. */
const OPAQUE_LENGTH = Math.ceil(((RANDOM_BYTES + TIME_BYTES) * 4) / 3)

/** Whether a text can be an opaque token; any other needn't be looked for. */
export function isOpaqueToken(token: string): boolean {
  return token.length === OPAQUE_LENGTH && isCanonicalBase64Url(token)
}

/** When an opaque token was made: one that {@link isOpaqueToken} has seen. */
export function toCreationDate(token: string): Date {
  const view = new DataView(fromBase64Url(token)!.buffer) // canonical: it was seen
  return new Date(view.getUint16(RANDOM_BYTES) * 2 ** 32 + view.getUint32(RANDOM_BYTES + 2))
}

/** A stable public id for a row that has none of its own (Auth.js's tables): a UUID made from its hash, which leads nowhere back. */
export async function deriveSessionId(sessionToken: string): Promise<string> {
  const bytes = fromBase64Url(await sha256(`id:${sessionToken}`))!.slice(0, 16) // canonical: we have just written it
  bytes[6] = (bytes[6]! & 0x0f) | 0x40 // RFC 9562 section 5.4: version 4; 16 bytes are there
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
