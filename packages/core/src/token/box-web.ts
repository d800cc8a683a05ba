import { encodeText, fromBase64Url, randomBytes, toBase64Url } from '../internal/bytes.ts'
import { type Box, NONCE_BYTES, TAG_BYTES } from './box.ts'

const decoder = new TextDecoder()

/** The box of runtimes that have WebCrypto only. */
export function createBox(secrets: readonly string[], purpose: string): Box {
  const keys = secrets.map((secret) => deriveKey(secret, purpose))
  return {
    seal: async (text) => sealWith(await keys[0]!, text), // settings.ts refuses an empty list of secrets
    open: async (sealed) => {
      const bytes = fromBase64Url(sealed)
      if (!bytes || bytes.length < NONCE_BYTES + TAG_BYTES) return null
      for (const key of keys) {
        const text = await openWith(await key, bytes)
        if (text !== null) return text
      }
      return null
    },
  }
}

async function deriveKey(secret: string, purpose: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', encodeText(secret), 'HKDF', false, ['deriveKey'])
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: encodeText(purpose) }
  return crypto.subtle.deriveKey(hkdf, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

async function sealWith(key: CryptoKey, text: string): Promise<string> {
  const nonce = randomBytes(NONCE_BYTES)
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, encodeText(text)))
  const bytes = new Uint8Array(NONCE_BYTES + sealed.length)
  bytes.set(nonce)
  bytes.set(sealed, NONCE_BYTES)
  return toBase64Url(bytes)
}

async function openWith(key: CryptoKey, bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const iv = bytes.subarray(0, NONCE_BYTES)
  try {
    return decoder.decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes.subarray(NONCE_BYTES)))
  } catch {
    return null
  }
}
