import { andThen } from '../internal/awaitable.ts'
import { isPlainObject } from '../internal/json.ts'
import type { Awaitable } from '../internal/types.ts'
import {
  invalidToken,
  type Jwe,
  MAX_SESSION_LENGTH,
  MAX_TOKEN_LENGTH,
  decodeJson,
  parseJwe,
  rememberHeader,
} from './jwe.ts'
import type { KeyRing, TokenKey } from './keys.ts'

export type RawClaims = Readonly<Record<string, unknown>>

/**
 * Opens a compact JWE and returns its claims, authentic but not yet checked against the clock. Synchronous once the keys are
 * there and the runtime's crypto is synchronous. Whatever is wrong with the token is one `InvalidToken`: the reason is in `cause`, for
 * the log only.
 *
 * @param typ what its header must call it; left out, the header may not call it anything
 * @param maxLength a longer one is refused before a byte of it is decoded
 * @throws AuthError `InvalidToken`
 */
export function openToken(
  ring: KeyRing,
  token: string,
  typ?: string,
  // Only session cookies have no type, for Auth.js's have none.
  maxLength: number = typ === undefined ? MAX_SESSION_LENGTH : MAX_TOKEN_LENGTH,
): Awaitable<RawClaims> {
  const jwe = parseJwe(token, maxLength)
  if (jwe.header.typ !== typ) throw invalidToken('another kind of token')
  return andThen(ring.candidates(jwe.header.enc, jwe.header.kid), (keys) => tryKeys(keys, jwe, 0))
}

/** One key after the other; there is more than one only for a token without a `kid` while keys are being rotated. */
function tryKeys(keys: readonly TokenKey[], jwe: Jwe, index: number): Awaitable<RawClaims> {
  const key = keys[index]
  if (!key) throw invalidToken('no key opens it')
  return andThen(key.open(jwe), (plaintext) => {
    if (!plaintext) return tryKeys(keys, jwe, index + 1)
    rememberHeader(jwe)
    return decodeClaims(plaintext)
  })
}

function decodeClaims(plaintext: Uint8Array): RawClaims {
  const claims = decodeJson(plaintext)
  if (!isPlainObject(claims)) throw invalidToken('claims are not an object')
  return claims
}
