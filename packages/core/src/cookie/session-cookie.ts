/** The name and the attributes of a session cookie (RFC 6265bis section 4.1). */
export interface SessionCookie {
  readonly name: string
  readonly secure: boolean
  /** Absent: it belongs to exactly this host. */
  readonly domain?: string
  /** Another library's cookie: its sessions move over to this one, and it is cleared with the same responses. */
  readonly replaces?: SessionCookie
}

/** One `Set-Cookie`, as data until a face writes it. */
export interface OutgoingCookie {
  readonly name: string
  readonly header: string
}

/** `__Host-` binds a cookie to exactly this host (RFC 6265bis section 4.1.3.2); plain http can't carry it, so the name differs there. */
export function describeSessionCookie(exactName: string | undefined, secure: boolean): SessionCookie {
  const name = exactName ?? (secure ? '__Host-latchkey.session' : 'latchkey.session')
  return { name, secure }
}

/** Without a prefix; over https both libraries put `__Secure-` before it. */
const THEIR_NAMES = { 'next-auth': 'next-auth.session-token', authjs: 'authjs.session-token' }

/** The session cookie of an app that has next-auth or Auth.js. */
export function describeTheirCookie(
  { from, name, domain }: { readonly from: 'next-auth' | 'authjs'; readonly name?: string; readonly domain?: string },
  secure: boolean,
): SessionCookie {
  const exact = name ?? `${secure ? '__Secure-' : ''}${THEIR_NAMES[from]}`
  return { name: exact, secure, ...(domain !== undefined && { domain }) }
}

/** Auth.js's size: name, value and attributes together stay under the 4096 bytes that browsers take. */
export const CHUNK_LENGTH = 3_936
/** Two chunks: with the rest of a request's headers, proxies and Node still take them. */
export const MAX_COOKIE_LENGTH: number = 2 * CHUNK_LENGTH

/**
 * The cookies that put a value into the browser: one, or numbered chunks, and clearings of what an earlier value left behind.
 *
 * @param present names that the request brought, from {@link readSessionCookie}
 * @param maxAge seconds
 */
export function writeSessionCookie(
  cookie: SessionCookie,
  value: string,
  maxAge: number,
  present: readonly string[],
): readonly OutgoingCookie[] {
  const written = splitValue(cookie, value).map(([name, part]) => ({
    name,
    header: serialize(cookie, name, part, maxAge),
  }))
  const names = new Set(written.map(({ name }) => name))
  return [...present.filter((name) => !names.has(name)).map((name) => clearing(cookie, name)), ...written]
}

/** The cookies that remove the session from the browser, with the attributes it was set with. */
export function clearSessionCookie(cookie: SessionCookie, present: readonly string[]): readonly OutgoingCookie[] {
  return [...new Set([cookie.name, ...present])].map((name) => clearing(cookie, name))
}

function splitValue(cookie: SessionCookie, value: string): readonly (readonly [name: string, part: string])[] {
  if (value.length <= CHUNK_LENGTH) return [[cookie.name, value]]
  const count = Math.ceil(value.length / CHUNK_LENGTH)
  return Array.from({ length: count }, (_, index) => [
    `${cookie.name}.${index}`,
    value.slice(index * CHUNK_LENGTH, (index + 1) * CHUNK_LENGTH),
  ])
}

function clearing(cookie: SessionCookie, name: string): OutgoingCookie {
  return { name, header: serialize(ownerOf(cookie, name), name, '', 0) }
}

/** A browser removes a cookie if it is told the same domain. */
function ownerOf(cookie: SessionCookie, name: string): SessionCookie {
  const { replaces } = cookie
  return replaces && (name === replaces.name || name.startsWith(`${replaces.name}.`)) ? replaces : cookie
}

function serialize(cookie: SessionCookie, name: string, value: string, maxAge: number): string {
  const secure = cookie.secure ? '; Secure' : ''
  const domain = cookie.domain === undefined ? '' : `; Domain=${cookie.domain}`
  return `${name}=${value}; Max-Age=${maxAge}; Path=/${domain}; HttpOnly; SameSite=Lax${secure}`
}
