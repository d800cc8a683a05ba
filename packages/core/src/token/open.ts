import { compactDecrypt } from 'jose'
import { AuthError } from '../errors.ts'
import { fromBase64Url, isCanonicalBase64Url } from '../internal/bytes.ts'
import { isPlainObject } from '../internal/json.ts'
import { ENCRYPTIONS, type Encryption, type KeyRing } from './keys.ts'

/** Longer than any token that fits into the cookies we write; refused before a byte of it is decoded. */
export const MAX_TOKEN_LENGTH = 8_192

/**
 * Opens a compact JWE and answers its claims, authentic but not yet checked against the clock.
 * Whatever is wrong with the token is one `InvalidToken`: the reason is in `cause`, for the log only.
 *
 * @param typ what its header must call it
 * @throws AuthError `InvalidToken`
 */
export async function openToken(
  ring: KeyRing,
  token: string,
  typ?: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { enc, kid, typ: found } = readHeader(token)
  if (typ !== undefined && found !== typ) throw invalid('another kind of token')
  for (const { key } of await ring.candidates(enc, kid)) {
    const plaintext = await decrypt(token, key)
    if (plaintext) return parseClaims(plaintext)
  }
  throw invalid('no key opens it')
}

interface TokenHeader {
  readonly enc: Encryption
  readonly kid: string | undefined
  readonly typ: unknown
}

/** What a header may say. Anything else (`zip`, `crit`, `jwk`, `jku`, `p2c`, …) asks for something that we don't do (RFC 8725 section 3). */
const HEADER_MEMBERS = new Set(['alg', 'enc', 'kid', 'typ'])

/** Reads the protected header of a compact serialisation whose every part is spelled canonically, so that one token has one spelling. */
function readHeader(token: string): TokenHeader {
  if (token.length > MAX_TOKEN_LENGTH) throw invalid('too long')
  const parts = token.split('.', 6)
  if (parts.length !== 5 || parts[1] !== '' || !parts.every(isCanonicalBase64Url))
    throw invalid('not a compact dir JWE')
  const header = parseJson(fromBase64Url(parts[0]!)) // five parts were counted above
  if (!isPlainObject(header) || !Object.keys(header).every((member) => HEADER_MEMBERS.has(member))) {
    throw invalid('unexpected header')
  }
  if (header.alg !== 'dir' || !isEncryption(header.enc)) throw invalid('algorithm not allowed')
  if (header.kid !== undefined && typeof header.kid !== 'string') throw invalid('kid is not a string')
  return { enc: header.enc, kid: header.kid, typ: header.typ }
}

function isEncryption(value: unknown): value is Encryption {
  return ENCRYPTIONS.some((enc) => enc === value)
}

/** The plaintext, or null where the key isn't the one: jose's errors stop here. */
async function decrypt(token: string, key: CryptoKey | Uint8Array): Promise<Uint8Array | null> {
  try {
    const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: [...ENCRYPTIONS] }
    return (await compactDecrypt(token, key, options)).plaintext
  } catch {
    return null
  }
}

function parseClaims(plaintext: Uint8Array): Readonly<Record<string, unknown>> {
  const claims = parseJson(plaintext)
  if (!isPlainObject(claims)) throw invalid('claims are not an object')
  return claims
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function parseJson(bytes: Uint8Array | null): unknown {
  try {
    return bytes && JSON.parse(decoder.decode(bytes))
  } catch (cause) {
    throw invalid('not JSON', cause)
  }
}

function invalid(reason: string, cause?: unknown): AuthError {
  return new AuthError('InvalidToken', { cause: cause ?? new Error(reason) })
}
