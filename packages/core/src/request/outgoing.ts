import type { RequestSource } from '../contract/request-source.ts'
import type { IncomingCookie } from '../cookie/read.ts'
import { type OutgoingCookie, writeSessionCookie } from '../cookie/session-cookie.ts'
import { checkOrigin } from '../csrf/origin.ts'
import { AuthError } from '../errors.ts'
import type { Identity } from '../contract/identity.ts'
import type { Flow } from '../sign-in/flow.ts'
import type { IssuedCookie } from '../session/strategy.ts'
import { checkBaseUrl } from './check-base-url.ts'
import { carriesOwnCredential } from './credential.ts'
import type { RequestEngine } from './engine.ts'

export function issueCookie(
  { settings }: RequestEngine,
  { value, maxAge }: IssuedCookie,
  { present }: IncomingCookie,
): readonly OutgoingCookie[] {
  return writeSessionCookie(settings.cookie, value, maxAge, present)
}

/**
 * Puts cookies into the response of an operation.
 *
 * @param isCurrent asked when the headers leave: false, and they aren't sent
 * @throws AuthError `ResponseCommitted` if the app's `setCookie` throws
 */
export function send(source: RequestSource, cookies: readonly OutgoingCookie[], isCurrent?: () => boolean): void {
  try {
    for (const { name, header } of cookies) source.response.setCookie(name, header, isCurrent)
  } catch (cause) {
    throw new AuthError('ResponseCommitted', { cause })
  }
}

/**
 * Publishes a session's change to its streams and to other instances.
 *
 * @param replaces the `jti` of the token that `updateSession` replaced
 */
export function publishChange({ hub }: RequestEngine, identity: Identity, replaces?: string): void {
  const { sessionId } = identity
  hub.publish({ type: 'changed', sessionId, identity, ...(replaces !== undefined && { replaces }) })
}

/** Refuses a request of another site's page. */
export function checkOwnOrigin(engine: RequestEngine, source: RequestSource): void {
  checkBaseUrl(engine, source)
  if (!carriesOwnCredential(engine, source)) checkOrigin(source, engine.settings.isTrustedOrigin)
}

/** Nothing is written whose cookie can't be delivered. @throws AuthError `ResponseCommitted` */
export function requireWritable(source: RequestSource): void {
  if (source.response.writability() !== 'writable') throw new AuthError('ResponseCommitted')
}

/** The same for a sign-in, which sets no cookie if it returns tokens. @throws AuthError `ResponseCommitted` */
export function requireDeliverable(source: RequestSource, { kind, refresh }: Flow): void {
  if (kind === 'cookie' || refresh === 'cookie') requireWritable(source)
}
