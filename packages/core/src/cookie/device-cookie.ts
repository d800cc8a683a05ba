import { readCookie } from './read.ts'
import type { OutgoingCookie, SessionCookie } from './session-cookie.ts'

/** It stays when a session ends, and its purpose is to be there then. */
function deviceCookieName({ secure }: SessionCookie): string {
  return `${secure ? '__Host-' : ''}latchkey.device`
}

export function readDeviceCookie(session: SessionCookie, header: string | null | undefined): string | null {
  return readCookie(header, deviceCookieName(session)).value
}

/** @param maxAge seconds */
export function writeDeviceCookie(session: SessionCookie, value: string, maxAge: number): OutgoingCookie {
  const name = deviceCookieName(session)
  const secure = session.secure ? '; Secure' : ''
  return { name, header: `${name}=${value}; Max-Age=${maxAge}; Path=/; HttpOnly; SameSite=Lax${secure}` }
}
