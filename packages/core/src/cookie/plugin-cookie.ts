import type { PluginCookieOptions } from '../contract/call.ts'
import { readCookie } from './read.ts'
import type { OutgoingCookie, SessionCookie } from './session-cookie.ts'

/** A name without a dot is no chunk of another's, and one without `;` or `=` writes no attribute. */
const NAME = /^[\w-]{1,100}$/

/** What browsers take of a cookie's name and value together (RFC 6265bis section 5.6), in bytes. */
const MAX_LENGTH = 4_096

/** A plug-in's cookie can't be another's, nor a session's: its name begins with the plug-in's id. */
function cookieName({ secure }: SessionCookie, plugin: string, name: string): string {
  if (!NAME.test(name)) throw new TypeError(`a cookie of the plug-in "${plugin}": name it in letters, digits, - and _`)
  return `${secure ? '__Host-' : ''}latchkey.${plugin}.${name}`
}

/** The value of a plug-in's cookie; null if it wasn't sent, or isn't one that {@link writePluginCookie} has written. */
export function readPluginCookie(
  session: SessionCookie,
  header: string | null | undefined,
  plugin: string,
  name: string,
): string | null {
  const { value } = readCookie(header, cookieName(session, plugin, name))
  try {
    return value === null ? null : decodeURIComponent(value)
  } catch {
    return null
  }
}

export function writePluginCookie(
  session: SessionCookie,
  plugin: string,
  name: string,
  value: string,
  { maxAge, sameSite = 'lax' }: PluginCookieOptions,
): OutgoingCookie {
  if (!Number.isInteger(maxAge))
    throw new TypeError(`the cookie "${name}" of the plug-in "${plugin}": maxAge must be whole seconds`)
  const full = cookieName(session, plugin, name)
  const encoded = encodeURIComponent(value.toWellFormed())
  if (full.length + encoded.length > MAX_LENGTH)
    throw new TypeError(`the cookie "${name}" of the plug-in "${plugin}" is too large: browsers would drop it`)
  const secure = session.secure || sameSite === 'none' ? '; Secure' : ''
  const attributes = `Max-Age=${maxAge}; Path=/; HttpOnly; SameSite=${sameSite[0]?.toUpperCase()}${sameSite.slice(1)}`
  return { name: full, header: `${full}=${encoded}; ${attributes}${secure}` }
}
