import type { OutgoingCookie } from '../cookie/session-cookie.ts'
import { toSeconds } from '../internal/time.ts'
import type { Settings } from '../settings.ts'
import type { IssuedPair } from './bearer.ts'

/**
 * The refresh token's cookie (R8): sent to the one endpoint that takes it and by our own pages only, and out of JavaScript's reach.
 * `__Secure-`, for `__Host-` would demand `Path=/`.
 */
export function refreshCookieName({ cookie }: Settings): string {
  return cookie.secure ? '__Secure-latchkey.refresh' : 'latchkey.refresh'
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
