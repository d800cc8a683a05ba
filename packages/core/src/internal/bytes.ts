const encoder = new TextEncoder()

export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/** base64url without padding (RFC 4648 section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The bytes of canonical base64url, or null: one value has one spelling, so a look-up can't be bypassed by another. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!isCanonicalBase64Url(text)) return null
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const BASE64URL = /^[\w-]*$/

/** Whether text is unpadded base64url whose unused last bits are zero. */
export function isCanonicalBase64Url(text: string): boolean {
  return BASE64URL.test(text) && endsCanonically(text)
}

/** {@link isCanonicalBase64Url} of text whose characters are known to be the alphabet's. */
export function endsCanonically(text: string): boolean {
  const rest = text.length % 4
  if (rest === 0) return true
  if (rest === 1) return false
  const unusedBits = rest === 2 ? 0b1111 : 0b11
  return (ALPHABET.indexOf(text.charAt(text.length - 1)) & unusedBits) === 0
}

export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length))
}
