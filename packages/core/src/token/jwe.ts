import { AuthError } from '../errors.ts'
import { detach } from '../internal/detach.ts'
import { encodeText, endsCanonically, fromBase64Url } from '../internal/bytes.ts'
import { isPlainObject } from '../internal/json.ts'

/** The content encryptions that are opened: what this library issues first, Auth.js's default second (RFC 7518 section 5). */
export const ENCRYPTIONS = ['A256GCM', 'A256CBC-HS512'] as const
export type Encryption = (typeof ENCRYPTIONS)[number]

/** A compact JWE taken apart (RFC 7516 section 3.1): base64url as it came, each part known to be spelled canonically. */
export interface Jwe {
  readonly header: JweHeader
  readonly protectedHeader: string
  readonly iv: string
  readonly ciphertext: string
  readonly tag: string
}

export interface JweHeader {
  readonly enc: Encryption
  readonly kid: string | undefined
  readonly typ: unknown
  /** The header as it came, in bytes: what the tag authenticates besides the ciphertext. */
  readonly aad: Uint8Array
}

/**
 * Opens a JWE with one key: the plaintext, or null if the key isn't the one or a bit of it was changed. Synchronous where the
 * runtime's own crypto is, so that no request waits behind password hashing in a thread pool.
 */
export type Opener = (jwe: Jwe) => Uint8Array | null | Promise<Uint8Array | null>

/** Longer than any token that we write; refused before it is decoded. */
export const MAX_TOKEN_LENGTH = 8_192
/** What a session cookie may hold in all its parts: another library may have issued it, and keeps more in it than we write. */
export const MAX_SESSION_LENGTH = 16_384

/** What a session of another library may hold that is taken over: all the parts that are read, each as large as browsers take it. */
export const MAX_THEIR_LENGTH: number = 32 * 4_096

/** Takes a compact `dir` JWE apart. One token has one spelling. @throws AuthError `InvalidToken` */
export function parseJwe(token: string, maxLength: number = MAX_TOKEN_LENGTH): Jwe {
  if (token.length > maxLength) throw invalidToken('too long')
  const parts = COMPACT.exec(token)
  if (!parts) throw invalidToken('not a compact dir JWE')
  const [, protectedHeader, iv, ciphertext, tag] = parts as unknown as CompactParts // the expression has four groups, none optional
  if (!endsCanonically(iv) || !endsCanonically(ciphertext) || !endsCanonically(tag)) {
    throw invalidToken('not canonical base64url')
  }
  return { header: readHeader(protectedHeader), protectedHeader, iv, ciphertext, tag }
}

/** Five parts, the second of them (an encrypted key) empty; each in base64url's alphabet, so that one pass over the token says both. */
const COMPACT = /^([\w-]*)\.\.([\w-]*)\.([\w-]*)\.([\w-]*)$/
type CompactParts = readonly [all: string, protectedHeader: string, iv: string, ciphertext: string, tag: string]

export function invalidToken(reason: string, cause?: unknown): AuthError {
  return new AuthError('InvalidToken', { cause: cause ?? new Error(reason) })
}

/** Our own tokens have a handful of headers between them: each is read once. Holds headers of tokens that a key has opened, and no others. */
const HEADERS = new Map<string, JweHeader>()
const MAX_HEADERS = 32

function readHeader(text: string): JweHeader {
  return HEADERS.get(text) ?? parseHeader(text)
}

/** Call it when a key has opened the token: invented headers must not take the place of ours. */
export function rememberHeader({ protectedHeader, header }: Jwe): void {
  // A copy: the header was cut out of its token.
  if (HEADERS.size < MAX_HEADERS && !HEADERS.has(protectedHeader)) HEADERS.set(detach(protectedHeader), header)
}

/** What a header may say. Anything else (`zip`, `crit`, `jwk`, `jku`, `p2c`, …) asks for something that we don't do (RFC 8725 section 3). */
const HEADER_MEMBERS = new Set(['alg', 'enc', 'kid', 'typ'])

function parseHeader(text: string): JweHeader {
  const header = decodeJson(fromBase64Url(text))
  if (!isPlainObject(header) || !Object.keys(header).every((member) => HEADER_MEMBERS.has(member))) {
    throw invalidToken('unexpected header')
  }
  if (header.alg !== 'dir' || !isEncryption(header.enc)) throw invalidToken('algorithm not allowed')
  if (header.kid !== undefined && typeof header.kid !== 'string') throw invalidToken('kid is not a string')
  return { enc: header.enc, kid: header.kid, typ: header.typ, aad: encodeText(text) }
}

function isEncryption(value: unknown): value is Encryption {
  return ENCRYPTIONS.some((enc) => enc === value)
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** @throws AuthError `InvalidToken` */
export function decodeJson(bytes: Uint8Array | null): unknown {
  try {
    return bytes && JSON.parse(decoder.decode(bytes))
  } catch (cause) {
    throw invalidToken('not JSON', cause)
  }
}
