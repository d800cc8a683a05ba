import type { RequestSource } from '../contract/request-source.ts'
import type { IncomingCookie } from '../cookie/read.ts'
import type { OutgoingCookie } from '../cookie/session-cookie.ts'
import { AuthError } from '../errors.ts'
import type { Issued, Renewal } from '../session/strategy.ts'
import { publishChange, issueCookie } from './outgoing.ts'
import type { RequestEngine } from './engine.ts'

/**
 * Extends or renews a session: the cookie first, then the store, so that nothing is written whose cookie can't be delivered. A later
 * decision wins: after a sign-out or an `updateSession` of the session the cookie isn't sent, also if it waits in the response by then.
 */
export async function renewSession(
  engine: RequestEngine,
  source: RequestSource,
  cookie: IncomingCookie,
  { identity }: Issued,
  renewal: Renewal,
): Promise<Issued> {
  const { sessionId } = identity
  let isWithdrawn = false
  const isCurrent = () => !isWithdrawn && !engine.revocations.has(sessionId) && renewal.isCurrent()
  const refuseEnded = () => {
    if (engine.revocations.has(sessionId)) throw new AuthError('SessionRevoked')
  }
  refuseEnded()
  if (!isCurrent() || !canSend(source, issueCookie(engine, renewal.cookie, cookie), isCurrent)) return { identity }
  try {
    isWithdrawn = !(await renewal.save())
  } catch (error) {
    isWithdrawn = true
    throw error
  }
  refuseEnded()
  if (isWithdrawn) return { identity }
  publishChange(engine, renewal.identity)
  return { identity: renewal.identity }
}

/** A `setCookie` that throws while something is read (in Next's server components) is a response that can't be written to. */
function canSend(source: RequestSource, cookies: readonly OutgoingCookie[], isCurrent: () => boolean): boolean {
  try {
    for (const { name, header } of cookies) source.response.setCookie(name, header, isCurrent)
    return true
  } catch {
    return false
  }
}
