import { fromBase64Url } from '../internal/bytes.ts'
import { isPlainObject } from '../internal/json.ts'
import { MAX_TOKEN_LENGTH } from '../token/open.ts'

/** What the headers of our bearer tokens call them (RFC 8725 section 3.11). */
export const ACCESS_TYP = 'latchkey.access'
export const REFRESH_TYP = 'latchkey.refresh'

const OURS: ReadonlySet<unknown> = new Set([ACCESS_TYP, REFRESH_TYP])
const decoder = new TextDecoder()

/**
 * The bearer token of a request if it is one of ours by its own header (T10), else null: another issuer's token is none of our
 * business, and the cookie decides. `Bearer` is matched in any case (RFC 9110 section 11.1); nothing is decoded but the header.
 */
export function readBearerToken(authorization: string | null | undefined): string | null {
  const token = /^bearer +([\w\-.]+) *$/i.exec(authorization ?? '')?.[1]
  if (!token || token.length > MAX_AUTHORIZATION) return null
  return isOurs(token) ? token : null
}

/** A little above {@link MAX_TOKEN_LENGTH}, so that a token of ours that grew too long is refused as ours. */
const MAX_AUTHORIZATION = 2 * MAX_TOKEN_LENGTH
/** Our headers are about 130 characters. */
const MAX_HEADER = 512

function isOurs(token: string): boolean {
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
