import { Buffer } from 'node:buffer'
import { createDecipheriv, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { Encryption, Jwe, Opener } from './jwe.ts'

/** The opener of Node, Bun and Deno: their own crypto, on this thread, with keys that were imported once. */
export function createOpener(enc: Encryption, bytes: Uint8Array<ArrayBuffer>): Opener {
  if (enc === 'A256GCM') {
    return createGcmOpener(createSecretKey(bytes))
  }
  // RFC 7518 section 5.2.2.1: the first half authenticates, the second encrypts.
  const macKey = createSecretKey(bytes.subarray(0, 32))
  const key = createSecretKey(bytes.subarray(32))
  return (jwe) => openCbc(macKey, key, jwe)
}

/** What 96 bits of nonce and 128 of tag are long in base64url. */
const IV_LENGTH = 16
const TAG_LENGTH = 22

/** RFC 7518 section 5.3: a nonce of 96 bits and the whole tag; a shorter one would be easier to forge. */
function createGcmOpener(key: KeyObject): Opener {
  // The cipher copies both at once, so that one pair of buffers does for every token.
  const iv = Buffer.alloc(12)
  const tag = Buffer.alloc(16)
  return (jwe) => {
    if (jwe.iv.length !== IV_LENGTH || jwe.tag.length !== TAG_LENGTH) return null
    iv.write(jwe.iv, 'base64url')
    tag.write(jwe.tag, 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 })
    decipher.setAAD(jwe.header.aad).setAuthTag(tag)
    return finish(decipher, jwe.ciphertext)
  }
}

/** RFC 7518 section 5.2.2.2: the tag is compared, in constant time, before anything is decrypted. */
function openCbc(macKey: KeyObject, key: KeyObject, jwe: Jwe): Uint8Array | null {
  const iv = Buffer.from(jwe.iv, 'base64url')
  const tag = Buffer.from(jwe.tag, 'base64url')
  if (iv.length !== 16 || tag.length !== 32) return null
  const { aad } = jwe.header
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
