import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'

/** Seals rows, so that who reads Redis learns nothing of them, and who writes to it can't make or move one. */
export interface Box {
  /** @param name what the row belongs to: it opens under this name only */
  readonly seal: (bytes: Uint8Array, name: string) => string
  /** null: none of the secrets has sealed it, or not for this name. */
  readonly open: (sealed: string, name: string) => Uint8Array | null
}

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const PURPOSE = 'latchkey.redis.cache.1'

/** @param secrets the first seals, all open */
export function createBox(secrets: readonly string[]): Box {
  const keys = secrets.map((secret) => createSecretKey(new Uint8Array(hkdfSync('sha256', secret, '', PURPOSE, 32))))
  return {
    seal: (bytes, name) => {
      const [key] = keys
      if (!key) throw new TypeError('withRedisCache: there is no secret')
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(name))
      return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]).toString('base64url')
    },
    open: (sealed, name) => {
      const bytes = Buffer.from(sealed, 'base64url')
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return null
      for (const key of keys) {
        const opened = openWith(key, bytes, name)
        if (opened) return opened
      }
      return null
    },
  }
}

function openWith(key: KeyObject, bytes: Buffer, name: string): Uint8Array | null {
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch {
    return null
  }
}
