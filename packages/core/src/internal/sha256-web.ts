import { encodeText } from './bytes.ts'

/** SHA-256 of a text, with WebCrypto. */
export async function sha256(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', encodeText(text)))
}
