import { openAccessToken } from '../bearer/bearer.ts'
import type { RequestSource } from '../contract/context.ts'
import { type IncomingCookie, readSessionCookie } from '../cookie/read.ts'
import { checkOrigin, isSafeMethod } from '../csrf/origin.ts'
import { AuthError, isUntrusted } from '../errors.ts'
import { andThen } from '../internal/awaitable.ts'
import type { Identity } from '../contract/identity.ts'
import { freezeSession, type Opened, type OpenedTokens } from '../session/opened.ts'
import type { Issued } from '../session/strategy.ts'
import { toSession } from '../session/to-session.ts'
import type { Session } from '../contract/session.ts'
import type { Awaitable } from '../internal/types.ts'
import { type FoundCredential, findCredential, openCredential } from './caller.ts'
import { checkBaseUrl } from './check-base-url.ts'
import { isOnConnection, type OnConnection } from './connection.ts'
import { findBearerToken } from './credential.ts'
import { carryOut } from './renewal.ts'
import type { RequestEngine } from './engine.ts'

/** What looking at a request's credential found: an identity, or why there is none. */
export interface LookUp {
  /** What decided; `'credential'`: a plug-in's; null: nothing was sent. */
  readonly via: 'cookie' | 'bearer' | 'ticket' | 'credential' | null
  readonly identity: Identity | null
  readonly session: Session | null
  /** Whose a plug-in's credential is. It isn't a session, so that everything but what asks for a caller finds none. */
  readonly caller?: Session
  /** Why the credential that was sent doesn't count; null where none was sent. */
  readonly refusal: AuthError | null
  readonly cookie: IncomingCookie
}

export type Found = LookUp & { readonly identity: Identity; readonly session: Session }

/** @throws AuthError `SessionRequired`, or why the credential that was sent doesn't count */
export function requireFound(found: LookUp): Found {
  if (isFound(found)) return found
  throw found.refusal ?? new AuthError('SessionRequired')
}

/** Whoever is known: by a session, or by a credential of a plug-in. @throws AuthError as {@link requireFound} */
export function requireCaller(found: LookUp): Session {
  return found.caller ?? requireFound(found).session
}

function isFound(found: LookUp): found is Found {
  return found.identity !== null && found.session !== null
}

/**
 * From the request to its session: find the credential and trust it. The first of these decides alone: a ticket, a bearer token of ours, a
 * plug-in's credential, the cookie. Returns without a promise if there is nothing to wait for.
 */
export function lookUpSession(engine: RequestEngine, source: RequestSource): Awaitable<LookUp> {
  source.response.noStore()
  checkBaseUrl(engine, source)
  const cookie = readSessionCookie(source.header('cookie'), engine.settings.cookie.name)
  const { ticket } = source
  if (ticket !== undefined) return trustOrRefuse(engine, 'ticket', cookie, () => openTicket(engine, source, ticket))
  const token = findBearerToken(engine, source)
  if (token) return lookUpBearer(engine, cookie, token)
  const credential = findCredential(engine, source)
  if (credential) return lookUpCredential(engine, cookie, credential)
  if (cookie.present.length === 0) return { via: null, identity: null, session: null, refusal: null, cookie }
  if (!isSafeMethod(source.method)) checkOrigin(source, engine.settings.isTrustedOrigin)
  return lookUpCookie(engine, source, cookie)
}

function lookUpBearer(engine: RequestEngine, cookie: IncomingCookie, token: string): Awaitable<LookUp> {
  const { bearer, opened } = engine
  if (!bearer) throw new AuthError('InvalidToken')
  const known = opened && recall(engine, opened.access, token, false)
  if (known) return toLookUp('bearer', known.identity, withOwnDates(known.session), cookie)
  return trustOrRefuse(engine, 'bearer', cookie, () => openAccessToken(bearer, token), remember(opened?.access, token))
}

async function lookUpCredential(
  engine: RequestEngine,
  cookie: IncomingCookie,
  credential: FoundCredential,
): Promise<LookUp> {
  const found = { via: 'credential', identity: null, session: null, cookie } as const
  try {
    const caller = await openCredential(engine, credential)
    return { ...found, caller, refusal: new AuthError('NotASession') }
  } catch (error) {
    if (!isUntrusted(error)) throw error
    return { ...found, refusal: error }
  }
}

function lookUpCookie(engine: RequestEngine, source: RequestSource, cookie: IncomingCookie): Awaitable<LookUp> {
  if (isOnConnection(source))
    return trustOrRefuse(engine, 'cookie', cookie, () => openSocketCookie(engine, source, cookie))
  const { value } = cookie
  const { opened } = engine
  const writable = source.response.writability() === 'writable'
  const known = opened && value !== null && recall(engine, opened.cookies, value, writable)
  if (known) return toLookUp('cookie', known.identity, withOwnDates(known.session), cookie)
  const open = () => openCookie(engine, source, cookie, writable)
  return trustOrRefuse(engine, 'cookie', cookie, open, remember(opened?.cookies, value))
}

/** A token that was opened before, if nothing has happened since that would ask for another look. */
function recall(
  { settings, revocations }: RequestEngine,
  tokens: OpenedTokens,
  token: string,
  writable: boolean,
): Opened | null {
  const known = tokens.get(token)
  if (!known) return null
  const now = settings.clock().getTime()
  const isFresh = now < known.fresh.until && !(writable && now >= known.fresh.slideAt)
  return isFresh && !revocations.has(known.identity.sessionId) ? known : null
}

/** Remembers what a token was opened to, and returns a session whose dates belong to this request. */
type Remember = (issued: Issued, session: Session) => Session

function remember(tokens: OpenedTokens | undefined, token: string | null): Remember {
  return ({ identity, fresh }, session) => {
    if (!tokens || token === null || !fresh) return session
    tokens.set(token, { identity, session, fresh })
    return withOwnDates(session)
  }
}

/** The first operation of a connection redeems its ticket; every one asks what the session is now. */
async function openTicket(engine: RequestEngine, source: RequestSource, ticket: string): Promise<Issued> {
  if (isOnConnection(source)) {
    return { identity: await engine.connections.ask(source, 'ticket', () => redeem(engine, source, ticket)) }
  }
  const { identity } = await engine.check(await engine.tickets.redeem(ticket), false)
  return { identity }
}

/** A ticket works once: if the store fails after it was redeemed, the next operation goes on from here. */
async function redeem(
  { tickets, redeemed, check }: RequestEngine,
  source: OnConnection,
  ticket: string,
): Promise<Identity> {
  const known = redeemed.get(source.connection) ?? (await tickets.redeem(ticket))
  redeemed.set(source.connection, known)
  const identity = known.strategy === 'database' ? (await check(known, false)).identity : known
  redeemed.delete(source.connection)
  return identity
}

/** A handshake's cookie is opened once: it is the browser's of that moment, and the session moves on. */
async function openSocketCookie(engine: RequestEngine, source: OnConnection, cookie: IncomingCookie): Promise<Issued> {
  const open = async () => (await openCookie(engine, source, cookie, false)).identity
  return { identity: await engine.connections.ask(source, 'cookie', open) }
}

/** Opens the cookie, and passes on the one that keeps the session alive where that was due. */
function openCookie(
  engine: RequestEngine,
  source: RequestSource,
  cookie: IncomingCookie,
  writable: boolean,
): Awaitable<Issued> {
  if (cookie.value === null) {
    throw new AuthError('InvalidToken', { cause: new Error('a chunk of the cookie is missing') })
  }
  return andThen(engine.strategy.open(cookie.value, writable), (issued) =>
    issued.renewal ? carryOut(engine, source, cookie, issued, issued.renewal) : issued,
  )
}

/**
 * Untrusted is "nobody", with the reason; anything else stays a failure. A cookie that doesn't count is left in the browser: if this
 * response arrives after a new sign-in's, clearing would remove the new cookie.
 */
function trustOrRefuse(
  engine: RequestEngine,
  via: 'cookie' | 'bearer' | 'ticket',
  cookie: IncomingCookie,
  open: () => Awaitable<Issued>,
  keep?: Remember,
): Awaitable<LookUp> {
  const trust = (issued: Issued) => {
    const seen = toSession(engine, issued.identity)
    const session = freezeSession(via === 'ticket' ? { ...seen, via } : seen)
    return toLookUp(via, issued.identity, keep ? keep(issued, session) : session, cookie)
  }
  const refuse = (error: unknown): LookUp => {
    if (!isUntrusted(error)) throw error
    return { via, identity: null, session: null, refusal: error, cookie }
  }
  try {
    const issued = open()
    return issued instanceof Promise ? issued.then(trust).catch(refuse) : trust(issued)
  } catch (error) {
    return refuse(error)
  }
}

function toLookUp(via: LookUp['via'], identity: Identity, session: Session, cookie: IncomingCookie): LookUp {
  return { via, identity, session, refusal: null, cookie }
}

/** Dates can be changed, so every request gets its own. */
function withOwnDates({ user, roles, claims, sessionId, expires, strategy, authTime, via, scopes }: Session): Session {
  const own = { expires: new Date(expires), authTime: authTime && new Date(authTime) }
  return Object.freeze({
    user,
    roles,
    claims,
    sessionId,
    expires: own.expires,
    strategy,
    authTime: own.authTime,
    via,
    scopes,
  })
}
