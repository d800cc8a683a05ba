import { checkPosition, endBearer, findFamily, toFamilyIdentity } from '../bearer/family.ts'
import { openRefreshToken } from '../bearer/refresh.ts'
import type { SignOutInput, SignOutResult } from '../contract/results.ts'
import { isUntrusted } from '../errors.ts'
import type { Identity } from '../contract/identity.ts'
import type { Marker } from '../contract/marker.ts'
import type { Operation } from '../contract/operation.ts'
import { clearCookies, isTokenBorne } from './clear-cookies.ts'
import { signOutInput } from './input.ts'
import { own } from './own.ts'
import { type Identified, identify } from '../request/identify.ts'
import type { OperationCall } from '../request/call.ts'
import { requireWritable } from '../request/outgoing.ts'
import type { RequestEngine } from '../request/engine.ts'
import { canEndOthers, endAll } from '../request/end-sessions.ts'

/** Signing out. */
export interface SignOutOperations {
  /** Ends this session, or with `everywhere` all of the person's; works without one too: it clears what is left. */
  readonly signOut: Operation<'mutation', Marker<'signOut'>, SignOutResult>
}

export function signOutOperations(): SignOutOperations {
  return {
    signOut: own({
      type: 'mutation',
      access: 'public',
      input: signOutInput,
      http: { method: 'POST', path: 'signout' },
      run: signOut,
    }),
  }
}

/** Ends the session of whatever credential the request carries, and clears what the browser holds. */
async function signOut({ engine, source, request }: OperationCall, input: SignOutInput): Promise<SignOutResult> {
  const found = await identify(request)
  if (!isTokenBorne(found) && !input.refreshToken) requireWritable(source)
  let everywhere = false
  for (const { identity, mayEndOthers } of await findSessions(engine, found, input)) {
    if (await end(engine, identity, mayEndOthers && input.everywhere === true)) everywhere = true
  }
  if (source.response.writability() === 'writable') clearCookies(engine, source, found, input.refresh)
  return { signedOut: true as const, ...(input.everywhere && { everywhere }) }
}

interface OwnSession {
  readonly identity: Identity
  readonly mayEndOthers: boolean
}

/** The sessions that belong to the request: of its credential, and of the refresh token in its input. */
async function findSessions(
  engine: RequestEngine,
  { identity, hasExpired }: Identified,
  { refreshToken }: SignOutInput,
): Promise<readonly OwnSession[]> {
  const family = refreshToken ? await findOwnFamily(engine, refreshToken) : null
  const sessions: OwnSession[] = []
  if (family) sessions.push({ identity: family, mayEndOthers: true })
  if (identity && identity.sessionId !== family?.sessionId) sessions.push({ identity, mayEndOthers: !hasExpired })
  return sessions
}

/**
 * Whose refresh token it is, if it could be exchanged now. One that no longer counts ends nothing and is no error: signing out twice is
 * fine. One that was used before ends its own family and authorises nothing else.
 */
async function findOwnFamily({ bearer }: RequestEngine, refreshToken: string): Promise<Identity | null> {
  if (!bearer) return null
  try {
    const refresh = await openRefreshToken(bearer, refreshToken)
    await checkPosition(bearer, refresh, (await findFamily(bearer, refresh)).row)
    return toFamilyIdentity(refresh)
  } catch (error) {
    if (isUntrusted(error)) return null
    throw error
  }
}

/**
 * Ends one session, and first all others of its owner if that is asked for and can be done.
 *
 * @returns whether the others ended too
 */
async function end(engine: RequestEngine, identity: Identity, isAskedForAll: boolean): Promise<boolean> {
  const { strategy, bearer } = engine
  const everywhere = isAskedForAll && (await canEndOthers(engine, identity))
  if (everywhere) await endAll(engine, identity, undefined)
  await (identity.isAccess && bearer
    ? endBearer(bearer, { sessionId: identity.sessionId, userId: identity.token.sub })
    : strategy.end(identity))
  engine.emit('signOut', { userId: identity.token.sub, sessionId: identity.sessionId, everywhere })
  return everywhere
}
