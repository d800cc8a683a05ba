import type { OutgoingCookie } from '../cookie/session-cookie.ts'
import { toSeconds } from '../internal/time.ts'
import type { Settings } from '../config/settings.ts'
import type { IssuedPair } from './issue.ts'

/**
 * The refresh token's cookie: sent to the one endpoint that takes it and by our own pages only, and out of JavaScript's reach.
 * `__Secure-`, for `__Host-` would demand `Path=/` and send it with every request.
 */
function refreshCookieName({ cookie }: Settings): string {
  return cookie.secure ? '__Secure-latchkey.refresh' : 'latchkey.refresh'
}

/**
 * The refresh token in a request's `Cookie` header. A sibling sub-domain can set a cookie of this name for all of the domain, and nothing
 * tells which of two is ours: then neither counts.
 */
export function readRefreshCookie(settings: Settings, header: string | null | undefined): string | null {
  const name = refreshCookieName(settings)
  const pairs = (header ?? '').split(';').map((pair) => pair.trim())
  const values = pairs.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1))
  const [value, ...others] = values
  return value && others.length === 0 ? value : null
}

export function writeRefreshCookie(settings: Settings, { refreshToken, refreshExpires }: IssuedPair): OutgoingCookie {
  const maxAge = toSeconds(refreshExpires.getTime()) - toSeconds(settings.clock().getTime())
  return serialize(settings, refreshToken, maxAge)
}

export function clearRefreshCookie(settings: Settings): OutgoingCookie {
  return serialize(settings, '', 0)
}

function serialize(settings: Settings, value: string, maxAge: number): OutgoingCookie {
  const name = refreshCookieName(settings)
  const secure = settings.cookie.secure ? '; Secure' : ''
  const path = `${settings.basePath}/token`
  return { name, header: `${name}=${value}; Max-Age=${maxAge}; Path=${path}; HttpOnly; SameSite=Strict${secure}` }
}
