import { openAccessToken } from '../bearer/bearer.ts'
import type { RequestSource } from '../contract/request-source.ts'
import type { Identity } from '../contract/identity.ts'
import type { Session } from '../contract/session.ts'
import type { IncomingCookie } from '../cookie/read.ts'
import { readSessionCookie } from '../cookie/read-session.ts'
import { checkOrigin, isSafeMethod } from '../csrf/origin.ts'
import { AuthError, isUntrusted } from '../errors.ts'
import { andThen, recover } from '../internal/awaitable.ts'
import type { Awaitable } from '../internal/types.ts'
import { freezeSession, type Opened, type OpenedTokens } from '../session/opened.ts'
import type { Issued } from '../session/strategy.ts'
import { toSession } from '../session/to-session.ts'
import { findPluginCredential, type IncomingCredential, openCredential } from './caller.ts'
import { checkBaseUrl } from './check-base-url.ts'
import { isOnConnection, type OnConnection } from './connection.ts'
import { findBearerToken } from './credential.ts'
import type { RequestEngine } from './engine.ts'
import { renewSession } from './renew-session.ts'

/** What looking at a request's credential found: an identity, or why there is none. */
export interface LookUp {
  /** What decided; `'credential'`: a plug-in's; null: nothing was sent. */
  readonly via: Credential['via'] | null
  readonly identity: Identity | null
  readonly session: Session | null
  /** The owner of a plug-in's credential. It isn't a session: only what asks for a caller gets it. */
  readonly caller?: Session
  /** Why the credential that was sent doesn't count; null if none was sent. */
  readonly refusal: AuthError | null
  readonly cookie: IncomingCookie
}

export type SessionLookUp = LookUp & { readonly identity: Identity; readonly session: Session }

/** @throws AuthError `SessionRequired`, or why the credential that was sent doesn't count */
export function requireSession(lookUp: LookUp): SessionLookUp {
  if (hasSession(lookUp)) return lookUp
  throw lookUp.refusal ?? new AuthError('SessionRequired')
}

/** The caller, known by a session or by a credential of a plug-in. @throws AuthError as {@link requireSession} */
export function requireCaller(lookUp: LookUp): Session {
  return lookUp.caller ?? requireSession(lookUp).session
}

function hasSession(lookUp: LookUp): lookUp is SessionLookUp {
  return Boolean(lookUp.identity && lookUp.session)
}

/**
 * From the request to its session: find the credential, and trust it. An untrusted credential means "signed out", with the reason; any
 * other failure stays one. A cookie that doesn't count is left in the browser: if this response arrives after a new sign-in's, clearing
 * would remove the new cookie.
 *
 * Returns without a promise if nothing has to be waited for, and may throw instead of rejecting.
 */
export function lookUpSession(engine: RequestEngine, source: RequestSource): Awaitable<LookUp> {
  source.response.noStore()
  checkBaseUrl(engine, source)
  const cookie = readSessionCookie(source.header('cookie'), engine.settings.cookie)
  const credential = findCredential(engine, source, cookie)
  if (!credential) return { via: null, identity: null, session: null, refusal: null, cookie }
  const { via } = credential
  if (via === 'cookie' && !isSafeMethod(source.method)) checkOrigin(source, engine.settings.isTrustedOrigin)
  const known = getCached(engine, source, credential)
  if (known) return { via, identity: known.identity, session: known.session, refusal: null, cookie }
  return trustOrRefuse(engine, source, credential, cookie)
}

/** (Apart, so that a known token allocates no closures.) */
function trustOrRefuse(
  engine: RequestEngine,
  source: RequestSource,
  credential: Credential,
  cookie: IncomingCookie,
): Awaitable<LookUp> {
  return recover(
    () => trust(engine, source, credential, cookie),
    (error) => {
      if (!isUntrusted(error)) throw error
      return { via: credential.via, identity: null, session: null, refusal: error, cookie }
    },
  )
}

/** @throws AuthError why the credential doesn't count, and what fails */
function trust(
  engine: RequestEngine,
  source: RequestSource,
  credential: Credential,
  cookie: IncomingCookie,
): Awaitable<LookUp> {
  if (credential.via === 'credential') return lookUpCaller(engine, credential, cookie)
  const { via } = credential
  return andThen(open(engine, source, credential), (issued) => {
    const seen = toSession(engine, issued.identity)
    const session = freezeSession(via === 'ticket' ? { ...seen, via } : seen)
    putCached(engine, source, credential, issued, session)
    return { via, identity: issued.identity, session, refusal: null, cookie }
  })
}

type Credential = OwnCredential | PluginCredential
type PluginCredential = IncomingCredential & { readonly via: 'credential' }
type OwnCredential =
  | { readonly via: 'ticket'; readonly value: string }
  | { readonly via: 'bearer'; readonly value: string }
  /** The value is null if a chunk of the cookie is missing. */
  | { readonly via: 'cookie'; readonly value: string | null; readonly cookie: IncomingCookie }

/** The first of these that is there decides alone: a ticket, a bearer token of ours, a plug-in's credential, the cookie. */
function findCredential(engine: RequestEngine, source: RequestSource, cookie: IncomingCookie): Credential | null {
  if (source.ticket !== undefined) return { via: 'ticket', value: source.ticket }
  const token = findBearerToken(engine, source)
  if (token) return { via: 'bearer', value: token }
  const found = findPluginCredential(engine, source)
  if (found) return { via: 'credential', ...found }
  return cookie.present.length === 0 ? null : { via: 'cookie', value: cookie.value, cookie }
}

/** The cache of opened tokens of this kind; null: none. What a connection holds is remembered by the connection. */
function findCache({ opened }: RequestEngine, source: RequestSource, { via }: Credential): OpenedTokens | null {
  if (!opened || via === 'ticket' || via === 'credential') return null
  if (via === 'bearer') return opened.access
  return isOnConnection(source) ? null : opened.cookies
}

/** What opened under another library's name and with its key counts under that name only. */
function cacheKey(credential: Credential, value: string): string {
  return credential.via === 'cookie' && credential.cookie.isTheirs ? `theirs ${value}` : value
}

/** A token that was opened before, if it needn't be looked up again. */
function getCached(engine: RequestEngine, source: RequestSource, credential: Credential): Opened | null {
  const cache = findCache(engine, source, credential)
  const known = cache && credential.value !== null ? cache.get(cacheKey(credential, credential.value)) : undefined
  if (!known) return null
  const now = engine.settings.clock().getTime()
  const isDue = credential.via === 'cookie' && now >= known.fresh.slideAt && isWritable(source)
  const { revocations } = engine
  if (isDue || now >= known.fresh.until || revocations.has(known.identity.sessionId)) return null
  if (!revocations.isCompleteSince(known.fresh.confirmedAt)) return null
  return known
}

/** Keeps the session for other requests, which get the same object. */
function putCached(
  engine: RequestEngine,
  source: RequestSource,
  credential: Credential,
  { identity, fresh }: Issued,
  session: Session,
): void {
  const cache = findCache(engine, source, credential)
  if (cache && credential.value !== null && fresh)
    cache.set(cacheKey(credential, credential.value), { identity, session, fresh })
}

/** The owner of a plug-in's credential. It isn't a session: `requireSession` throws `NotASession`. */
async function lookUpCaller(
  engine: RequestEngine,
  credential: PluginCredential,
  cookie: IncomingCookie,
): Promise<LookUp> {
  const caller = await openCredential(engine, credential)
  return { via: credential.via, identity: null, session: null, caller, refusal: new AuthError('NotASession'), cookie }
}

/** Verifies a credential. A token of ours is opened without a promise where the runtime can. @throws AuthError why it doesn't count */
function open(engine: RequestEngine, source: RequestSource, credential: OwnCredential): Awaitable<Issued> {
  if (credential.via === 'ticket') return openTicket(engine, source, credential.value)
  if (credential.via === 'bearer') {
    if (!engine.bearer) throw new AuthError('InvalidToken')
    return openAccessToken(engine.bearer, credential.value)
  }
  const { value, cookie } = credential
  return isOnConnection(source)
    ? openHandshake(engine, source, value, cookie)
    : openCookie(engine, source, value, cookie, isWritable(source))
}

/** The first operation of a connection redeems its ticket; every one asks what the session is now. */
async function openTicket(engine: RequestEngine, source: RequestSource, ticket: string): Promise<Issued> {
  if (isOnConnection(source))
    return { identity: await engine.connections.ask(source, 'ticket', () => redeem(engine, source, ticket)) }
  const { identity } = await engine.revalidate(await engine.tickets.redeem(ticket), false)
  return { identity }
}

/** A handshake's cookie is opened once: it stays as it was then, and the session changes. */
async function openHandshake(
  engine: RequestEngine,
  source: OnConnection,
  value: string | null,
  cookie: IncomingCookie,
): Promise<Issued> {
  const openOnce = async () => (await openCookie(engine, source, value, cookie, false)).identity
  return { identity: await engine.connections.ask(source, 'cookie', openOnce) }
}

/** A ticket works once: if the store fails after it was redeemed, the next operation goes on from here. */
async function redeem(
  { tickets, redeemed, revalidate }: RequestEngine,
  source: OnConnection,
  ticket: string,
): Promise<Identity> {
  const known = redeemed.get(source.connection) ?? (await tickets.redeem(ticket))
  redeemed.set(source.connection, known)
  const identity = known.strategy === 'database' ? (await revalidate(known, false)).identity : known
  redeemed.delete(source.connection)
  return identity
}

/** Opens the cookie, and passes on the one that keeps the session alive if that is due. */
function openCookie(
  engine: RequestEngine,
  source: RequestSource,
  value: string | null,
  cookie: IncomingCookie,
  writable: boolean,
): Awaitable<Issued> {
  if (value === null) throw new AuthError('InvalidToken', { cause: new Error('a chunk of the cookie is missing') })
  return andThen(engine.strategy.open(value, writable, cookie.isTheirs), (issued) =>
    issued.renewal ? renewSession(engine, source, cookie, issued, issued.renewal) : issued,
  )
}

function isWritable(source: RequestSource): boolean {
  return source.response.writability() === 'writable'
}
