import { toBase64Url } from '../base64url.ts'

/** The S256 challenge of a verifier (RFC 7636 section 4.2). */
export async function toChallenge(verifier: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))))
}
