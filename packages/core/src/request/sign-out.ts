import { endBearer } from '../bearer/bearer.ts'
import { clearRefreshCookie } from '../bearer/cookie.ts'
import { openRefreshToken } from '../bearer/refresh.ts'
import type { RequestSource, SignOutInput } from '../context.ts'
import { clearSessionCookie } from '../cookie/session-cookie.ts'
import { AuthError, isUntrusted } from '../errors.ts'
import { toSeconds } from '../internal/time.ts'
import { type Identity, toTokenIdentity } from '../session/identity.ts'
import type { Awaitable } from '../types.ts'
import type { LookUp } from './look-up.ts'
import { checkOwnOrigin, requireWritable, send } from './outgoing.ts'
import type { Rooms } from './rooms.ts'
import { endAll } from './sessions.ts'

/** `signOut` of a request: ends the session of whatever credential it carries, and clears what the browser holds. */
export async function signOutHere(
  rooms: Rooms,
  source: RequestSource,
  look: () => Awaitable<LookUp>,
  given: SignOutInput,
): Promise<{ signedOut: true }> {
  const input = checkInput(given)
  checkOwnOrigin(rooms, source)
  source.response.noStore()
  const found = await look()
  if (!isTokenBorne(found) && !input.refreshToken) requireWritable(source)
  for (const { identity, end } of await findSessions(rooms, found, input)) {
    const everywhere = input.everywhere ?? false
    if (everywhere) await endAll(rooms, identity, undefined)
    await end()
    rooms.engine.emit('signOut', { userId: identity.token.sub, sessionId: identity.sessionId, everywhere })
  }
  if (source.response.writability() === 'writable') clearCookies(rooms, source, found, input)
  return { signedOut: true as const }
}

/** A face hands on what a client sent. @throws AuthError `InvalidInput` */
function checkInput(input: Readonly<Record<keyof SignOutInput, unknown>> | SignOutInput): SignOutInput {
  const { everywhere, refreshToken, refresh } = input
  if (everywhere !== undefined && typeof everywhere !== 'boolean') throw new AuthError('InvalidInput')
  if (refreshToken !== undefined && typeof refreshToken !== 'string') throw new AuthError('InvalidInput')
  if (refresh !== undefined && refresh !== 'cookie') throw new AuthError('InvalidInput')
  return { everywhere, refreshToken, refresh }
}

/** Where no cookie carried the session, none is cleared. */
function isTokenBorne({ via }: LookUp): boolean {
  return via === 'bearer' || via === 'ticket'
}

interface Ending {
  readonly identity: Identity
  readonly end: () => Promise<void>
}

async function findSessions(
  rooms: Rooms,
  { via, identity }: LookUp,
  { refreshToken }: SignOutInput,
): Promise<readonly Ending[]> {
  const { bearer, strategy } = rooms
  const endings: Ending[] = []
  if (identity)
    endings.push({
      identity,
      end: () => (via === 'bearer' && bearer ? endBearer(bearer, identity) : strategy.end(identity)),
    })
  const family = refreshToken ? await findFamily(rooms, refreshToken) : null
  if (bearer && family && family.sessionId !== identity?.sessionId)
    endings.push({ identity: family, end: () => endBearer(bearer, family) })
  return endings
}

/** Whose refresh token it is; one that no longer counts ends nothing and is no error: signing out twice is fine (S04). */
async function findFamily({ bearer }: Rooms, refreshToken: string): Promise<Identity | null> {
  if (!bearer) return null
  try {
    const { token, startedAt } = await openRefreshToken(bearer, refreshToken)
    return toTokenIdentity(token, toSeconds(startedAt.getTime()))
  } catch (error) {
    if (isUntrusted(error)) return null
    throw error
  }
}

function clearCookies(
  { engine, bearer }: Rooms,
  source: RequestSource,
  found: LookUp,
  { refresh }: SignOutInput,
): void {
  const { settings } = engine
  if (!isTokenBorne(found)) send(source, clearSessionCookie(settings.cookie, found.cookie.present))
  // Its path keeps the refresh cookie from every other endpoint, so that whether there is one can't be known here.
  if (bearer && (!isTokenBorne(found) || refresh === 'cookie')) send(source, [clearRefreshCookie(settings)])
}
