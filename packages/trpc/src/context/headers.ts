export interface PendingCookie {
  readonly header: string
  /** Asked when the headers leave: false, and the cookie isn't sent. */
  readonly isCurrent?: (() => boolean) | undefined
}

/** What a response will carry besides what the app says: kept as data until its headers leave. */
export interface PendingHeaders {
  /** By name, so that the last one said wins. null: none, as in nearly every response. */
  cookies: Map<string, PendingCookie> | null
  /** Whether the response depends on who asked. */
  noStore: boolean
}

/**
 * Keeps the response out of every cache (RFC 9111 section 5.2.2), whatever the app says. `no-transform` stays if the app said it: without
 * it a compressing proxy holds back the events of a stream.
 */
export function keepFromCaches(theirs: string | null | undefined): string {
  return theirs && KEEPS_FORM.test(theirs) ? `${NO_STORE}, no-transform` : NO_STORE
}

const KEEPS_FORM = /\bno-transform\b/i
const NO_STORE = 'private, no-store'

/** The app's cookies without those that have a name of ours, then ours, without those that a later decision has overtaken. */
export function mergeCookies(theirs: readonly string[], ours: ReadonlyMap<string, PendingCookie>): readonly string[] {
  const others = theirs.filter((header) => !ours.has(header.slice(0, header.indexOf('=')).trim()))
  const current = [...ours.values()].filter(({ isCurrent }) => isCurrent?.() ?? true)
  return [...others, ...current.map(({ header }) => header)]
}

/** Adds or replaces one cookie. */
export function addCookie(pending: PendingHeaders, name: string, cookie: PendingCookie): void {
  pending.cookies ??= new Map()
  pending.cookies.set(name, cookie)
}

/** A `Vary` that names Cookie, whatever else it names. */
export function varyByCookie(vary: string | null | undefined): string {
  if (!vary) return 'Cookie'
  // An app's is the same in every response, so that it needn't be searched each time.
  if (vary !== last.vary) last = { vary, result: NAMES_COOKIE.test(vary) ? vary : `${vary}, Cookie` }
  return last.result
}

const NAMES_COOKIE = /(?:^|,)\s*(?:cookie|\*)\s*(?:,|$)/i
let last = { vary: '', result: '' }

/**
 * Under this key a response keeps its pending headers, so that all contexts of one request share them. On the response itself: a
 * WeakMap with an entry for every request costs more in garbage collection than everything else here. A shared symbol: copies of this
 * package share them too.
 */
const PENDING: unique symbol = Symbol.for('latchkey.pending')

/** The pending headers of this response. `attach` is called once, so that they are written when the headers leave. */
export function pendingHeaders<TResponse extends object>(
  response: TResponse & { [PENDING]?: PendingHeaders },
  attach: (response: TResponse, pending: PendingHeaders) => void,
): PendingHeaders {
  const known = response[PENDING]
  if (known) return known
  const pending: PendingHeaders = { cookies: null, noStore: false }
  response[PENDING] = pending
  attach(response, pending)
  return pending
}
