import type { CookieForm } from '../take-over/shared.ts'

/**
 * better-auth's session cookie: `encodeURIComponent('<token>.<signature>')`, signed with HMAC-SHA-256 (RFC 2104) in base64. A token without a
 * signature isn't looked for.
 *
 * @param secrets the first signs, all verify
 */
export function signedCookie(secrets: readonly string[]): CookieForm {
  const importAll = memoize(() => Promise.all(secrets.map(importKey)))
  return {
    read: async (value) => {
      const { token, signature } = split(value)
      if (token === '' || !signature) return null
      for (const key of await importAll()) if (await verify(key, token, signature)) return token
      return null
    },
    write: async (token) => {
      const [key] = await importAll()
      if (!key) throw new TypeError('secret: give at least one')
      const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, encode(token)))
      return encodeURIComponent(`${token}.${btoa(String.fromCharCode(...signature))}`)
    },
  }
}

/** In base64 32 bytes are 44 characters. */
const SIGNATURE_LENGTH = 44

function split(value: string): { readonly token: string; readonly signature: Uint8Array<ArrayBuffer> | null } {
  const text = decode(value)
  const dot = text.lastIndexOf('.')
  const signature = text.slice(dot + 1)
  if (dot < 1 || signature.length !== SIGNATURE_LENGTH) return { token: '', signature: null }
  return { token: text.slice(0, dot), signature: fromBase64(signature) }
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return ''
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  } catch {
    return null
  }
}

function verify(key: CryptoKey, token: string, signature: Uint8Array<ArrayBuffer>): Promise<boolean> {
  return crypto.subtle.verify('HMAC', key, signature, encode(token))
}

function importKey(secret: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function memoize<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
