import { Buffer } from 'node:buffer'
import { createDecipheriv, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { Encryption, Jwe, Opener } from './jwe.ts'

/** The opener of Node, Bun and Deno: their own crypto, on this thread, with keys that were imported once. */
export function createOpener(enc: Encryption, bytes: Uint8Array<ArrayBuffer>): Opener {
  if (enc === 'A256GCM') {
    const key = createSecretKey(bytes)
    return (jwe) => openGcm(key, jwe)
  }
  // RFC 7518 section 5.2.2.1: the first half authenticates, the second encrypts.
  const macKey = createSecretKey(bytes.subarray(0, 32))
  const key = createSecretKey(bytes.subarray(32))
  return (jwe) => openCbc(macKey, key, jwe)
}

/** RFC 7518 section 5.3: a nonce of 96 bits and the whole tag; a shorter one would be easier to forge. */
function openGcm(key: KeyObject, jwe: Jwe): Uint8Array | null {
  const iv = Buffer.from(jwe.iv, 'base64url')
  const tag = Buffer.from(jwe.tag, 'base64url')
  if (iv.length !== 12 || tag.length !== 16) return null
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 })
  decipher.setAAD(Buffer.from(jwe.protectedHeader, 'latin1')).setAuthTag(tag)
  return finish(decipher, jwe.ciphertext)
}

/** RFC 7518 section 5.2.2.2: the tag is compared, in constant time, before anything is decrypted. */
function openCbc(macKey: KeyObject, key: KeyObject, jwe: Jwe): Uint8Array | null {
  const iv = Buffer.from(jwe.iv, 'base64url')
  const tag = Buffer.from(jwe.tag, 'base64url')
  if (iv.length !== 16 || tag.length !== 32) return null
  const aad = Buffer.from(jwe.protectedHeader, 'latin1')
  const aadBits = Buffer.alloc(8)
  aadBits.writeBigUInt64BE(BigInt(aad.length * 8))
  const ciphertext = Buffer.from(jwe.ciphertext, 'base64url')
  const mac = createHmac('sha512', macKey).update(aad).update(iv).update(ciphertext).update(aadBits).digest()
  if (!timingSafeEqual(mac.subarray(0, 32), tag)) return null
  return finish(createDecipheriv('aes-256-cbc', key, iv), jwe.ciphertext)
}

function finish(decipher: ReturnType<typeof createDecipheriv>, ciphertext: string): Uint8Array | null {
  try {
    const start = decipher.update(ciphertext, 'base64url')
    const end = decipher.final()
    return end.length === 0 ? start : Buffer.concat([start, end])
  } catch {
    return null
  }
}
