/** What a request's `Cookie` header holds under one name. */
export interface IncomingCookie {
  /** The value, put together from its chunks; null if there is none or a chunk is missing. */
  readonly value: string | null
  /** The names that were sent, to be cleared when they are no longer good. Empty: the request has no such cookie at all. */
  readonly present: readonly string[]
  /** Set if the value was found in the cookie of another library, which ours replaces. */
  readonly isTheirs?: true
}

const NONE: IncomingCookie = { value: null, present: [] }
const MAX_CHUNKS = 32

/**
 * Finds one cookie and its chunks (`name.0`, `name.1`, …) without parsing the others: it runs for every request. Names are exact; of
 * two with the same name the first counts, as browsers order them (RFC 6265bis section 5.8.3). Values are used unchanged: ours need no
 * decoding, and a quoted or percent-encoded one isn't ours.
 */
export function readCookie(header: string | null | undefined, name: string): IncomingCookie {
  if (!header) return NONE
  let whole: string | undefined
  let chunks: Map<number, string> | undefined
  for (let at = header.indexOf(name); at !== -1; at = header.indexOf(name, at + name.length)) {
    if (!beginsPair(header, at)) continue
    const pair = readPair(header, at, name.length)
    if (pair?.index === WHOLE) whole ??= pair.value
    else if (pair && !chunks?.has(pair.index)) (chunks ??= new Map()).set(pair.index, pair.value)
  }
  if (!chunks) return whole === undefined ? NONE : { value: whole, present: [name] }
  const parts = [...chunks.keys()].map((index) => `${name}.${index}`)
  if (whole !== undefined) return { value: whole, present: [name, ...parts] }
  return { value: joinChunks(chunks), present: parts }
}

const SEMICOLON = 59
const EQUALS = 61
const DOT = 46
const SPACE = 32
const TAB = 9

/** Whether a cookie's name can begin here: first in the header, or after a semicolon and white space. */
function beginsPair(header: string, at: number): boolean {
  let before = at - 1
  while (before >= 0 && (header.charCodeAt(before) === SPACE || header.charCodeAt(before) === TAB)) before--
  return before < 0 || header.charCodeAt(before) === SEMICOLON
}

const WHOLE = -1

interface Pair {
  /** Which part it is: {@link WHOLE} or a chunk's number. */
  readonly index: number
  readonly value: string
}

/** The pair whose name begins like ours; null if it goes on to be another's. */
function readPair(header: string, at: number, nameLength: number): Pair | null {
  const semicolon = header.indexOf(';', at)
  const end = semicolon === -1 ? header.length : semicolon
  const next = header.charCodeAt(at + nameLength)
  if (next === EQUALS) return { index: WHOLE, value: header.slice(at + nameLength + 1, end).trim() }
  if (next !== DOT) return null
  const begin = at + nameLength + 1
  // Two digits at most: a search for the `=` would go through all of the header, once for every such name in it.
  const suffix = /^(0|[1-9]\d?)=/.exec(header.slice(begin, begin + 3))?.[1]
  if (suffix === undefined || Number(suffix) >= MAX_CHUNKS) return null
  return { index: Number(suffix), value: header.slice(begin + suffix.length + 1, end).trim() }
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
