import { fromBase64Url } from '../internal/bytes.ts'
import { isPlainObject } from '../internal/json.ts'
import { MAX_TOKEN_LENGTH } from '../token/jwe.ts'

/** The `typ` of our bearer tokens (RFC 8725 section 3.11). */
export const ACCESS_TYP = 'latchkey.access'
export const REFRESH_TYP = 'latchkey.refresh'

const OURS: ReadonlySet<unknown> = new Set([ACCESS_TYP, REFRESH_TYP])
const decoder = new TextDecoder()

/**
 * The bearer token of a request, of any issuer. `Bearer` is matched in any case (RFC 9110 section 11.1), and nothing is decoded: a value with
 * characters that no token has (`%`, a comma) is ignored.
 */
export function readBearerToken(authorization: string | null | undefined): string | null {
  if (!authorization || authorization.length > MAX_AUTHORIZATION) return null
  return /^bearer +([\w\-.]+) *$/i.exec(authorization)?.[1] ?? null
}

/** A little above {@link MAX_TOKEN_LENGTH}, so that a token of ours that grew too long is refused as ours. */
const MAX_AUTHORIZATION = 2 * MAX_TOKEN_LENGTH
/** Our headers are about 130 characters. */
const MAX_HEADER = 512

/** Whether a token is ours by its own header. Another issuer's is ignored, and the cookie decides. */
export function isOurToken(token: string): boolean {
  const end = token.indexOf('.')
  if (end <= 0 || end > MAX_HEADER) return false
  const bytes = fromBase64Url(token.slice(0, end))
  try {
    const header: unknown = bytes && JSON.parse(decoder.decode(bytes))
    return isPlainObject(header) && OURS.has(header.typ)
  } catch {
    return false
  }
}
