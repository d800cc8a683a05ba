/** What a request's `Cookie` header holds of a session. */
export interface IncomingCookie {
  /** The value, put together from its chunks; null where there is none or a chunk is missing. */
  readonly value: string | null
  /** The names that were sent, to be cleared when they are no longer good. Empty: the request has no session cookie at all. */
  readonly present: readonly string[]
}

const NONE: IncomingCookie = { value: null, present: [] }
const MAX_CHUNKS = 32

/**
 * Finds one cookie and its chunks (`name.0`, `name.1`, …) without parsing the others. Names are exact; of two with the same name
 * the first counts, as browsers order them (RFC 6265bis section 5.8.3). Values are taken as they stand: ours need no decoding, and a
 * quoted or percent-encoded one isn't ours.
 */
export function readSessionCookie(header: string | null | undefined, name: string): IncomingCookie {
  if (!header?.includes(name)) return NONE
  const found = collect(header, name)
  if (found.size === 0) return NONE
  const present = [...found.keys()].map((index) => (index === WHOLE ? name : `${name}.${index}`))
  return { value: found.get(WHOLE) ?? joinChunks(found), present }
}

const WHOLE = -1

function collect(header: string, name: string): Map<number, string> {
  const found = new Map<number, string>()
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals === -1) continue
    const index = readIndex(pair.slice(0, equals).trim(), name)
    if (index !== null && !found.has(index)) found.set(index, pair.slice(equals + 1).trim())
  }
  return found
}

/** Which part a cookie is: {@link WHOLE}, a chunk's number, or null where it is another cookie. */
function readIndex(candidate: string, name: string): number | null {
  if (candidate === name) return WHOLE
  if (!candidate.startsWith(`${name}.`)) return null
  const suffix = candidate.slice(name.length + 1)
  return /^(?:0|[1-9]\d?)$/.test(suffix) && Number(suffix) < MAX_CHUNKS ? Number(suffix) : null
}

function joinChunks(found: ReadonlyMap<number, string>): string | null {
  let value = ''
  for (let index = 0; index < found.size; index++) {
    const chunk = found.get(index)
    if (chunk === undefined) return null
    value += chunk
  }
  return value
}
