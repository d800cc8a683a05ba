import type { RequestSource } from '../context.ts'
import type { IncomingCookie } from '../cookie/read.ts'
import { type OutgoingCookie, writeSessionCookie } from '../cookie/session-cookie.ts'
import { checkOrigin } from '../csrf/origin.ts'
import { AuthError } from '../errors.ts'
import type { IssuedCookie } from '../session/identity.ts'
import { findBearerToken } from './credential.ts'
import type { Rooms } from './rooms.ts'

export function issueCookie({ engine }: Rooms, { value, maxAge }: IssuedCookie, { present }: IncomingCookie): readonly OutgoingCookie[] {
  return writeSessionCookie(engine.settings.cookie, value, maxAge, present)
}

export function send(source: RequestSource, cookies: readonly OutgoingCookie[]): void {
  for (const { name, header } of cookies) source.response.setCookie(name, header)
}

/** Did our own pages ask for it (C8)? A request that a bearer token decides can't be made by a foreign page (T6). */
export function checkOwnOrigin(rooms: Rooms, source: RequestSource): void {
  if (!findBearerToken(rooms, source)) checkOrigin(source, rooms.engine.settings.isTrustedOrigin)
}

/** Nothing is written whose cookie can't be delivered (decision 3). @throws AuthError `ResponseCommitted` */
export function requireWritable(source: RequestSource): void {
  if (source.response.writability() !== 'writable') throw new AuthError('ResponseCommitted')
}
