import { isSessionAdapter, type SessionAdapter } from './adapter.ts'
import type { AuthContext, RequestSource } from './context.ts'
import { type IncomingCookie, readSessionCookie } from './cookie/read.ts'
import { clearSessionCookie, type OutgoingCookie, writeSessionCookie } from './cookie/session-cookie.ts'
import { checkOrigin, isSafeMethod } from './csrf/origin.ts'
import type { Engine } from './engine.ts'
import { AuthError, isUntrusted } from './errors.ts'
import { readClientAddress } from './internal/client-address.ts'
import { isPlainObject } from './internal/json.ts'
import { runCallback } from './run-callbacks.ts'
import { type Identity, type IssuedCookie, toSession } from './session/identity.ts'
import type { Revocations } from './session/revocations.ts'
import { shapeForClient } from './session/shape.ts'
import type { SessionStrategy } from './session/strategy.ts'
import type { Session, SessionInfo } from './session/types.ts'
import type { AttemptGate } from './sign-in/attempt-gate.ts'
import { signIn, type SignInRoom } from './sign-in/sign-in.ts'

/** The rooms that a request goes through. */
export interface Rooms extends SignInRoom {
  readonly engine: Engine
  readonly strategy: SessionStrategy
  readonly gate: AttemptGate
  readonly revocations: Revocations
}

/** What looking at a request's credential found: an identity, or why there is none. */
interface LookUp {
  readonly identity: Identity | null
  readonly session: Session | null
  /** Why the credential that was sent doesn't count; null where none was sent. */
  readonly refusal: AuthError | null
  readonly cookie: IncomingCookie
}

/**
 * Everything that one request may ask, without doing any of it yet. The look-up happens at the first question and is kept: the
 * identity of a request is the one it arrived with, whatever its other calls do meanwhile.
 */
export function createContext(rooms: Rooms, source: RequestSource): AuthContext {
  let lookUp: Promise<LookUp> | undefined
  const look = () => (lookUp ??= lookUpSession(rooms, source))
  return {
    session: async () => (await look()).session,
    requireSession: async () => requireFound(await look()).session,
    token: async () => structuredClone((await look()).identity?.token ?? null),
    clientSession: async () => {
      const { identity } = await look()
      return identity && shapeForClient(rooms.engine, identity)
    },
    checkOrigin: () => checkOrigin(source, rooms.engine.settings.isTrustedOrigin),
    signIn: (input) => signInHere(rooms, source, look, input),
    signOut: (input) => signOutHere(rooms, source, look, input?.everywhere ?? false),
    update: async (patch) => updateHere(rooms, source, requireFound(await look()), patch),
    providers: () => [...rooms.engine.settings.providers.values()].map(({ id, name, type }) => ({ id, name, type })),
    listSessions: async () => listSessions(rooms, requireFound(await look()).identity),
    revokeSession: async (id) => revokeSession(rooms, source, requireFound(await look()), id),
    revokeOtherSessions: async () => revokeOthers(rooms, source, requireFound(await look())),
  }
}

type Found = LookUp & { readonly identity: Identity; readonly session: Session }

function requireFound(found: LookUp): Found {
  const { identity, session, refusal } = found
  if (!identity || !session) throw refusal ?? new AuthError('SessionRequired')
  return { ...found, identity, session }
}

/** From the request to its session: find the credential, see that the browser meant to send it, trust it, keep it alive. */
async function lookUpSession(rooms: Rooms, source: RequestSource): Promise<LookUp> {
  const { engine, strategy } = rooms
  const cookie = readCookie(engine, source)
  source.response.noStore()
  if (cookie.present.length === 0) return { identity: null, session: null, refusal: null, cookie }
  if (!isSafeMethod(source.method)) checkOrigin(source, engine.settings.isTrustedOrigin)
  const writable = source.response.writability() === 'writable'
  try {
    if (cookie.value === null) throw new AuthError('InvalidToken', { cause: new Error('a chunk of the cookie is missing') })
    const issued = await strategy.open(cookie.value, writable)
    if (issued.cookie) send(source, issueCookie(rooms, issued.cookie, cookie))
    return { identity: issued.identity, session: toSession(engine, issued.identity), refusal: null, cookie }
  } catch (error) {
    if (!isUntrusted(error)) throw error
    if (writable) send(source, clearSessionCookie(engine.settings.cookie, cookie.present))
    return { identity: null, session: null, refusal: error, cookie }
  }
}

function readCookie({ settings }: Engine, source: RequestSource): IncomingCookie {
  return readSessionCookie(source.header('cookie'), settings.cookie.name)
}

function issueCookie({ engine }: Rooms, { value, maxAge }: IssuedCookie, { present }: IncomingCookie): readonly OutgoingCookie[] {
  return writeSessionCookie(engine.settings.cookie, value, maxAge, present)
}

function send(source: RequestSource, cookies: readonly OutgoingCookie[]): void {
  for (const { name, header } of cookies) source.response.setCookie(name, header)
}

/** Before anything is written: did our own pages ask for it (C8), and can the answer still set a cookie (decision 3)? */
function checkWrite({ engine }: Rooms, source: RequestSource): void {
  checkOrigin(source, engine.settings.isTrustedOrigin)
  source.response.noStore()
  if (source.response.writability() !== 'writable') throw new AuthError('ResponseCommitted')
}

async function signInHere(rooms: Rooms, source: RequestSource, look: () => Promise<LookUp>, input: unknown) {
  checkWrite(rooms, source)
  const { engine } = rooms
  const header = (name: string) => source.header(name.toLowerCase()) ?? null
  const address = readClientAddress(source.address, source.header('x-forwarded-for'), engine.settings.trustedProxies)
  const previous = await look()
  const outcome = await signIn(rooms, input, { header, address })
  if (outcome.status === 'redirect') return outcome
  const { identity, cookie } = outcome.issued
  const session = await shapeOrEnd(rooms, identity)
  // A new sign-in ends the session that this browser had (ASVS 7.2.4): a cookie planted beforehand is worth nothing.
  if (previous.identity) await rooms.strategy.end(previous.identity)
  send(source, issueCookie(rooms, cookie, previous.cookie))
  return { status: 'signedIn' as const, session }
}

/** A sign-in whose answer can't be shaped fails, and leaves no session behind that nobody holds. */
async function shapeOrEnd({ engine, strategy }: Rooms, identity: Identity): Promise<unknown> {
  try {
    return await shapeForClient(engine, identity)
  } catch (error) {
    await strategy.end(identity)
    throw error
  }
}

async function signOutHere(rooms: Rooms, source: RequestSource, look: () => Promise<LookUp>, everywhere: boolean) {
  checkWrite(rooms, source)
  const { engine, strategy } = rooms
  const { identity, cookie } = await look()
  if (identity) {
    if (everywhere) await endAll(rooms, identity, undefined)
    else await strategy.end(identity)
    engine.emit('signOut', { userId: identity.token.sub, sessionId: identity.sessionId, everywhere })
  }
  send(source, clearSessionCookie(engine.settings.cookie, cookie.present))
  return { signedOut: true as const }
}

async function updateHere(rooms: Rooms, source: RequestSource, { identity, cookie }: Found, input: unknown): Promise<unknown> {
  const { engine, strategy } = rooms
  checkOrigin(source, engine.settings.isTrustedOrigin)
  if (strategy.updatesCookie && source.response.writability() !== 'writable') throw new AuthError('ResponseCommitted')
  const patch = await readPatch(engine, identity, input)
  const issued = await strategy.update(identity, patch)
  if (issued.cookie) send(source, issueCookie(rooms, issued.cookie, cookie))
  return shapeForClient(engine, issued.identity)
}

/** What `updateSession` may write: fields that the schema admits and that are declared claims, if the app agrees (J16). */
async function readPatch({ settings, callbacks }: Engine, identity: Identity, input: unknown): Promise<Readonly<Record<string, unknown>>> {
  const { update: schema } = settings
  if (!schema) throw new AuthError('NotFound', { detail: 'updateSession: declare an `update` schema' })
  const result = await runCallback(() => schema['~standard'].validate(input))
  if (result.issues || !isPlainObject(result.value)) throw new AuthError('InvalidInput')
  const { value } = result
  const { update } = callbacks
  if (update) {
    const allowed = await runCallback(() => update({ patch: value, user: identity.user, token: structuredClone(identity.token) }))
    if (allowed !== true) throw new AuthError('AccessDenied')
  }
  return Object.fromEntries(Object.entries(value).filter(([name, claim]) => settings.claims.has(name) && claim !== undefined))
}

async function listSessions({ engine }: Rooms, identity: Identity): Promise<readonly SessionInfo[]> {
  const rows = await requireRows(engine).listSessions({ userId: identity.token.sub, now: engine.settings.clock() })
  return rows.map(({ id, createdAt, lastSeenAt, expires, userAgent, ip }) => ({
    id,
    current: id === identity.sessionId,
    createdAt,
    lastSeenAt,
    expires,
    device: userAgent,
    ip,
  }))
}

async function revokeSession({ engine, revocations }: Rooms, source: RequestSource, { identity }: Found, id: string) {
  checkOrigin(source, engine.settings.isTrustedOrigin)
  if (typeof id !== 'string' || id === '' || id.length > 255) throw new AuthError('InvalidInput')
  const now = engine.settings.clock()
  const revoked = await requireRows(engine).revokeSession({ id, userId: identity.token.sub, now })
  if (!revoked) throw new AuthError('NotFound')
  revocations.add([id], now)
  return { revoked: true as const }
}

async function revokeOthers(rooms: Rooms, source: RequestSource, { identity }: Found) {
  checkOrigin(source, rooms.engine.settings.isTrustedOrigin)
  return { revoked: await endAll(rooms, identity, identity.sessionId) }
}

async function endAll({ engine, revocations }: Rooms, identity: Identity, except: string | undefined): Promise<number> {
  const now = engine.settings.clock()
  const ended = await requireRows(engine).revokeSessions({ userId: identity.token.sub, except, now })
  revocations.add(ended, now)
  return ended.length
}

function requireRows({ adapter }: Engine): SessionAdapter {
  if (isSessionAdapter(adapter)) return adapter
  throw new AuthError('NotFound', { detail: 'sessions: the adapter can neither list nor revoke sessions by id' })
}
