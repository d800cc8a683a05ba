export interface PendingCookie {
  readonly header: string
  /** Asked when the headers leave: false, and the cookie isn't sent. */
  readonly isCurrent?: (() => boolean) | undefined
}

/** What a response will carry besides what the app says: kept as data until its headers leave. */
export interface PendingHeaders {
  /** By name, so that the last one said wins. */
  readonly cookies: Map<string, PendingCookie>
  /** Whether the answer depends on who asked. */
  noStore: boolean
}

/**
 * Keeps the answer from every cache (RFC 9111 section 5.2.2), whatever the app says of it, but not from saying that nobody may
 * transform it: without that a compressing proxy holds back the events of a stream.
 */
export function keepFromCaches(theirs: string | null | undefined): string {
  return /\bno-transform\b/i.test(theirs ?? '') ? `${NO_STORE}, no-transform` : NO_STORE
}

const NO_STORE = 'private, no-store'

/** The app's cookies, without those that ours replace, and ours, if nothing was decided since that they don't know of. */
export function mergeCookies(theirs: readonly string[], ours: ReadonlyMap<string, PendingCookie>): readonly string[] {
  const others = theirs.filter((header) => !ours.has(header.slice(0, header.indexOf('=')).trim()))
  const current = [...ours.values()].filter(({ isCurrent }) => isCurrent?.() ?? true)
  return [...others, ...current.map(({ header }) => header)]
}

/** A `Vary` that names Cookie, whatever else it names. */
export function varyByCookie(vary: string | null | undefined): string {
  if (!vary) return 'Cookie'
  const names = vary.split(',').map((name) => name.trim().toLowerCase())
  return names.includes('cookie') || names.includes('*') ? vary : `${vary}, Cookie`
}

/**
 * Where a response keeps what waits for it, so that every context of one request adds to the same. On the response itself: a WeakMap
 * with an entry for every request under way costs more in collecting garbage than all else that is done here. By a shared symbol: copies
 * of this package add to the same too.
 */
const PENDING: unique symbol = Symbol.for('latchkey.pending')

/** What waits for this response; `attach` is called once, to have it written when the headers leave. */
export function pendingHeaders<TResponse extends object>(
  response: TResponse & { [PENDING]?: PendingHeaders },
  attach: (response: TResponse, pending: PendingHeaders) => void,
): PendingHeaders {
  const known = response[PENDING]
  if (known) return known
  const pending = { cookies: new Map<string, PendingCookie>(), noStore: false }
  response[PENDING] = pending
  attach(response, pending)
  return pending
}
