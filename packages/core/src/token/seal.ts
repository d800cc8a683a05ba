import { CompactEncrypt } from 'jose'
import { encodeText } from '../internal/bytes.ts'
import type { AnyToken } from '../types.ts'
import type { KeyRing } from './keys.ts'

/** Encrypts a claims map as a compact JWE, `dir` with A256GCM (RFC 7516 section 3.1); exactly the claims that are given. */
export async function sealToken(ring: KeyRing, claims: AnyToken): Promise<string> {
  const { key, kid, enc } = await ring.current()
  return new CompactEncrypt(encodeText(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'dir', enc, kid })
    .encrypt(key)
}
