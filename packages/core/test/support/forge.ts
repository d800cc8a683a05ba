import { createCipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** Makes JWE tokens by hand, on Node's crypto alone: a forger who shares code with the opener proves nothing. */

export type Enc = 'A256GCM' | 'A256CBC-HS512' | 'A128CBC-HS256'

const KEY_BYTES = { A256GCM: 32, 'A256CBC-HS512': 64, 'A128CBC-HS256': 32 } satisfies Record<Enc, number>

/** The key as Auth.js derives it from a secret and a salt. */
export function deriveKey(secret: string, salt: string, enc: Enc = 'A256GCM'): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, `Auth.js Generated Encryption Key (${salt})`, KEY_BYTES[enc]))
}

/** RFC 7638 thumbprint of a key, as Auth.js writes it. */
export function kidOf(key: Buffer): string {
  const json = JSON.stringify({ k: key.toString('base64url'), kty: 'oct' })
  return createHash(`sha${key.length * 8}`)
    .update(json)
    .digest('base64url')
}

export interface SealOptions {
  readonly key: Buffer
  /** A string or bytes go in as they are. */
  readonly payload: object | string
  /** The whole protected header; a string goes in as it is. */
  readonly header: object | string
  /** What really encrypts, whatever the header says. */
  readonly enc?: Enc
  readonly iv?: Buffer
  readonly tagBytes?: number
  readonly encryptedKey?: Buffer
}

export function seal({ key, payload, header, enc = 'A256GCM', iv, tagBytes, encryptedKey }: SealOptions): string {
  const head = encode(header)
  const plaintext = payload instanceof Uint8Array ? payload : Buffer.from(toText(payload))
  const aad = Buffer.from(head, 'ascii')
  const { vector, ciphertext, tag } =
    enc === 'A256GCM' ? sealGcm(key, plaintext, aad, iv, tagBytes) : sealCbc(key, plaintext, aad, iv, tagBytes)
  return [head, encodeBytes(encryptedKey), encodeBytes(vector), encodeBytes(ciphertext), encodeBytes(tag)].join('.')
}

function sealGcm(key: Buffer, plaintext: Uint8Array, aad: Buffer, iv: Buffer = randomBytes(12), tagBytes = 16) {
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
  cipher.setAAD(aad)
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return { vector: iv, ciphertext, tag: cipher.getAuthTag() }
}

/** RFC 7518 section 5.2: the first half of the key authenticates, the second encrypts. */
function sealCbc(
  key: Buffer,
  plaintext: Uint8Array,
  aad: Buffer,
  iv: Buffer = randomBytes(16),
  tagBytes = key.length / 2,
) {
  const half = key.length / 2
  const cipher = createCipheriv(`aes-${half * 8}-cbc`, key.subarray(half), iv)
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  const aadBits = Buffer.alloc(8)
  aadBits.writeBigUInt64BE(BigInt(aad.length * 8))
  const mac = createHmac(`sha${half * 16}`, key.subarray(0, half))
  const tag = mac.update(Buffer.concat([aad, iv, ciphertext, aadBits])).digest()
  return { vector: iv, ciphertext, tag: tag.subarray(0, tagBytes) }
}

/** A JWS with an HMAC, or without a signature if there is no key. */
export function sign(header: object, payload: object, key?: string | Buffer): string {
  const body = `${encode(header)}.${encode(payload)}`
  return `${body}.${key === undefined ? '' : createHmac('sha256', key).update(body).digest('base64url')}`
}

export function encode(value: object | string): string {
  return Buffer.from(toText(value)).toString('base64url')
}

function toText(value: object | string): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function encodeBytes(bytes: Uint8Array | undefined): string {
  return bytes ? Buffer.from(bytes).toString('base64url') : ''
}
