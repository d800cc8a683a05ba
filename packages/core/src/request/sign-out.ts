import { endBearer } from '../bearer/bearer.ts'
import { clearRefreshCookie } from '../bearer/cookie.ts'
import { openRefreshToken } from '../bearer/refresh.ts'
import type { RequestSource } from '../context.ts'
import { clearSessionCookie } from '../cookie/session-cookie.ts'
import { isUntrusted } from '../errors.ts'
import { toSeconds } from '../internal/time.ts'
import { type Identity, toTokenIdentity } from '../session/identity.ts'
import type { LookUp } from './look-up.ts'
import { checkOwnOrigin, requireWritable, send } from './outgoing.ts'
import type { Rooms } from './rooms.ts'
import { endAll } from './sessions.ts'

export interface SignOutInput {
  readonly everywhere?: boolean | undefined
  /** The refresh token of a client whose access token may have expired by now. */
  readonly refreshToken?: string | undefined
}

/** `signOut` of a request: ends the session of whatever credential it carries, and clears what the browser holds. */
export async function signOutHere(
  rooms: Rooms,
  source: RequestSource,
  look: () => Promise<LookUp>,
  input: SignOutInput,
): Promise<{ signedOut: true }> {
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
  if (!isTokenBorne(found) && source.response.writability() === 'writable') clearCookies(rooms, source, found)
  return { signedOut: true as const }
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

function clearCookies({ engine, bearer }: Rooms, source: RequestSource, { cookie }: LookUp): void {
  const { settings } = engine
  send(source, clearSessionCookie(settings.cookie, cookie.present))
  // Its path keeps the refresh cookie from every other endpoint, so that whether there is one can't be known here.
  if (bearer) send(source, [clearRefreshCookie(settings)])
}
