import { encodeText, toBase64Url } from './bytes.ts'

/** SHA-256 of a text in base64url, with WebCrypto. */
export async function sha256(text: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', encodeText(text))))
}
