import { openAccessToken } from '../bearer/bearer.ts'
import type { RequestSource } from '../context.ts'
import { type IncomingCookie, readSessionCookie } from '../cookie/read.ts'
import { clearSessionCookie } from '../cookie/session-cookie.ts'
import { checkOrigin, isSafeMethod } from '../csrf/origin.ts'
import { AuthError, isUntrusted } from '../errors.ts'
import { type Identity, toSession } from '../session/identity.ts'
import type { Session } from '../session/types.ts'
import { findBearerToken } from './credential.ts'
import { announce, issueCookie, send } from './outgoing.ts'
import type { Rooms } from './rooms.ts'

/** What looking at a request's credential found: an identity, or why there is none. */
export interface LookUp {
  /** What decided; null: nothing was sent. */
  readonly via: 'cookie' | 'bearer' | 'ticket' | null
  readonly identity: Identity | null
  readonly session: Session | null
  /** Why the credential that was sent doesn't count; null where none was sent. */
  readonly refusal: AuthError | null
  readonly cookie: IncomingCookie
}

export type Found = LookUp & { readonly identity: Identity; readonly session: Session }

/** @throws AuthError `SessionRequired`, or why the credential that was sent doesn't count */
export function requireFound(found: LookUp): Found {
  const { identity, session, refusal } = found
  if (!identity || !session) throw refusal ?? new AuthError('SessionRequired')
  return { ...found, identity, session }
}

/** From the request to its session: find the credential and trust it. A ticket or a bearer token of ours decides alone (T10). */
export async function lookUpSession(rooms: Rooms, source: RequestSource): Promise<LookUp> {
  source.response.noStore()
  const cookie = readSessionCookie(source.header('cookie'), rooms.engine.settings.cookie.name)
  const { ticket } = source
  if (ticket !== undefined) return settle(rooms, 'ticket', cookie, () => openTicket(rooms, source, ticket))
  const token = findBearerToken(rooms, source)
  if (token) return settle(rooms, 'bearer', cookie, () => openBearer(rooms, token))
  if (cookie.present.length === 0) return { via: null, identity: null, session: null, refusal: null, cookie }
  if (!isSafeMethod(source.method)) checkOrigin(source, rooms.engine.settings.isTrustedOrigin)
  const found = await settle(rooms, 'cookie', cookie, () => openCookie(rooms, source, cookie))
  const { settings } = rooms.engine
  if (found.refusal && source.response.writability() === 'writable')
    send(source, clearSessionCookie(settings.cookie, cookie.present))
  return found
}

function openBearer({ bearer }: Rooms, token: string): Promise<Identity> {
  if (!bearer) throw new AuthError('InvalidToken')
  return openAccessToken(bearer, token)
}

/** The first question redeems the ticket; later ones of the same connection ask only whether its session still lives. */
async function openTicket(
  { engine, tickets, redeemed, revocations }: Rooms,
  { connection }: RequestSource,
  ticket: string,
): Promise<Identity> {
  const known = connection && redeemed.get(connection)
  const opening = known ?? tickets.redeem(ticket)
  if (connection && !known) redeemed.set(connection, opening)
  const identity = await opening
  if (revocations.has(identity.sessionId)) throw new AuthError('SessionRevoked')
  if (identity.expires <= engine.settings.clock())
    throw new AuthError(identity.isAccess ? 'AccessTokenExpired' : 'SessionExpired')
  return identity
}

/** Opens the cookie, and passes on the one that keeps the session alive where that was due. */
async function openCookie(rooms: Rooms, source: RequestSource, cookie: IncomingCookie): Promise<Identity> {
  if (cookie.value === null)
    throw new AuthError('InvalidToken', { cause: new Error('a chunk of the cookie is missing') })
  const issued = await rooms.strategy.open(cookie.value, source.response.writability() === 'writable')
  if (issued.cookie) {
    send(source, issueCookie(rooms, issued.cookie, cookie))
    announce(rooms, issued.identity)
  }
  return issued.identity
}

/** Untrusted is "nobody", with the reason; anything else stays a failure. */
async function settle(
  { engine }: Rooms,
  via: 'cookie' | 'bearer' | 'ticket',
  cookie: IncomingCookie,
  open: () => Promise<Identity>,
): Promise<LookUp> {
  try {
    const identity = await open()
    return { via, identity, session: toSession(engine, identity), refusal: null, cookie }
  } catch (error) {
    if (!isUntrusted(error)) throw error
    return { via, identity: null, session: null, refusal: error, cookie }
  }
}
