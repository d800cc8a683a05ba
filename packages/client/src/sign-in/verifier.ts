/** Where a code verifier waits while the page is away. The storage is this tab's alone. */
const KEY = 'latchkey.verifier'

/** Random bytes as base64url (RFC 7636 section 4.1). */
export function randomText(bytes: number): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)))
}

/** The verifier's SHA-256; undefined in a page that isn't secure (neither https nor localhost), where browsers can't make one. */
export async function toChallenge(verifier: string): Promise<string | undefined> {
  // The types say that it is always there.
  const subtle = crypto.subtle as SubtleCrypto | undefined
  return subtle && toBase64Url(new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(verifier))))
}

/** Keeps a verifier until the browser is back. Without a storage the exchange will be refused, as it must be. */
export function keepVerifier(verifier: string): void {
  try {
    sessionStorage.setItem(KEY, verifier)
  } catch {}
}

/** Returns the verifier that was kept, once. */
export function takeVerifier(): string | null {
  try {
    const verifier = sessionStorage.getItem(KEY)
    sessionStorage.removeItem(KEY)
    return verifier
  } catch {
    return null
  }
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (character) => URL_SAFE[character] ?? '')
}

const URL_SAFE: Readonly<Record<string, string>> = { '+': '-', '/': '_' }
