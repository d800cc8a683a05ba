import { compactDecrypt } from 'jose/jwe/compact/decrypt'
import { ENCRYPTIONS, type Encryption, type Opener } from './jwe.ts'

const OPTIONS = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: [...ENCRYPTIONS] }

/** The opener of runtimes that have WebCrypto only (Workers, browsers): jose's. */
export function createOpener(enc: Encryption, bytes: Uint8Array<ArrayBuffer>): Opener {
  const key = enc === 'A256GCM' ? crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['decrypt']) : bytes
  return async ({ protectedHeader, iv, ciphertext, tag }) => {
    try {
      return (await compactDecrypt(`${protectedHeader}..${iv}.${ciphertext}.${tag}`, await key, OPTIONS)).plaintext
    } catch {
      return null
    }
  }
}
