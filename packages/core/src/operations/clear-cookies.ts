import { clearRefreshCookie } from '../bearer/cookie.ts'
import type { RequestSource } from '../contract/request-source.ts'
import { clearSessionCookie } from '../cookie/session-cookie.ts'
import type { RequestEngine } from '../request/engine.ts'
import type { LookUp } from '../request/look-up.ts'
import { send } from '../request/outgoing.ts'

type Found = Pick<LookUp, 'cookie' | 'via'>

/** Whether the session came with a token: a cookie is cleared only if it carried the session. */
export function isTokenBorne({ via }: Pick<LookUp, 'via'>): boolean {
  return via === 'bearer' || via === 'ticket'
}

/** Clears what the browser holds of a session that has ended. @param refresh `'cookie'`: its refresh token was in one */
export function clearCookies(
  { settings, bearer }: RequestEngine,
  source: RequestSource,
  found: Found,
  refresh?: 'cookie',
): void {
  if (!isTokenBorne(found)) send(source, clearSessionCookie(settings.cookie, found.cookie.present))
  // Its path keeps the refresh cookie from every other endpoint, so the server can't know here whether there is one.
  if (bearer && (!isTokenBorne(found) || refresh === 'cookie')) send(source, [clearRefreshCookie(settings)])
}
