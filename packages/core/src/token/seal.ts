import { encodeText } from '../internal/bytes.ts'
import type { KeyRing } from './keys.ts'

/**
 * Encrypts a claims map as a compact JWE, `dir` with A256GCM (RFC 7516 section 3.1); exactly the claims that are given.
 *
 * @param typ what kind of token it is (RFC 8725 section 3.11); a session cookie has none, as Auth.js's has none
 */
export async function sealToken(ring: KeyRing, claims: object, typ?: string): Promise<string> {
  const { key, kid, enc } = await ring.current()
  // Its modules are half of what starting a server would cost, and nothing needs them before the first token is issued.
  const { CompactEncrypt } = await import('jose/jwe/compact/encrypt')
  return new CompactEncrypt(encodeText(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'dir', enc, kid, ...(typ !== undefined && { typ }) })
    .encrypt(key)
}
