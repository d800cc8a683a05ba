import type { AdapterUser, SessionAndUser } from '../store/adapter.ts'
import { AuthError } from '../errors.ts'
import { toSeconds } from '../internal/time.ts'
import type { Identity } from '../contract/identity.ts'
import { toTokenIdentity } from '../session/identity.ts'
import { toStoredSession } from '../session/row.ts'
import type { ClientInfo } from '../session/strategy.ts'
import { hashSessionId } from '../token/hash.ts'
import type { AnyToken } from '../contract/token.ts'
import type { Bearer } from './bearer.ts'
import type { RowState } from './row-state.ts'

/** A refresh token that is authentic and alive by its own claims. */
export interface RefreshToken {
  readonly token: AnyToken
  readonly generation: number
  readonly startedAt: Date
  readonly rowState: RowState | undefined
}

/** What the store knows of a refresh token's family: the session whose tokens descend from one sign-in. */
export interface Family {
  /** null: nothing counts its generations. */
  readonly row: SessionAndUser | null
  /** Its owner as stored; null if no store knows its users. */
  readonly user: AdapterUser | null
}

export interface NewFamily {
  readonly token: AnyToken
  readonly startedAt: Date
  readonly expires: Date
  readonly now: Date
  readonly client: ClientInfo
  readonly amr: readonly string[]
}

/** Writes the row of a family that begins, into whatever the adapter keeps sessions in. */
export async function createFamily({ rows, table, tokens }: Bearer, family: NewFamily): Promise<void> {
  const { token, startedAt, expires, now, client, amr } = family
  const { sessionId: id, sub: userId } = token
  const sessionToken = await hashSessionId(id)
  if (rows)
    await rows.createSession(toStoredSession({ id, sessionToken, userId, startedAt, expires, now, client, amr }))
  // It is never extended: its end is the family's.
  const familyEnd = new Date(startedAt.getTime() + tokens.familyMaxAge)
  await table?.createSession?.({ sessionToken, userId, expires: familyEnd })
}

/**
 * The family of a refresh token.
 *
 * @throws AuthError `SessionRevoked` if it has ended or its user is gone
 */
export async function findFamily(bearer: Bearer, refresh: RefreshToken): Promise<Family> {
  const { sessionId, sub } = refresh.token
  if (bearer.revocations.has(sessionId)) throw new AuthError('SessionRevoked')
  const family = await askStore(bearer, sessionId, sub)
  if (family && (family.user === null || String(family.user.id) === sub)) return family
  // Its access tokens end here too, and its streams.
  bearer.revocations.add([sessionId])
  throw new AuthError('SessionRevoked')
}

/** null: the family has ended, or its user is gone. */
async function askStore({ engine, rows, table }: Bearer, sessionId: string, userId: string): Promise<Family | null> {
  if (rows) {
    const row = await rows.getSessionAndUser(await hashSessionId(sessionId))
    return row && !row.session.revokedAt ? { row, user: row.user } : null
  }
  if (table) {
    const found = await table.getSessionAndUser?.(await hashSessionId(sessionId))
    return found ? { row: null, user: found.user } : null
  }
  if (!engine.adapter?.getUser) return { row: null, user: null }
  const user = await engine.adapter.getUser(userId)
  return user && { row: null, user }
}

/**
 * The newest token of the family may be used, and within the window its immediate parent: then its holder's response was lost, or two
 * refreshed at once. Anything older is a copy. A token that is newer than the row isn't one: the row came from a cache or a replica that
 * lags, or the database has lost its last commits. Then the conditional update of {@link rotate} decides.
 *
 * @throws AuthError `TokenReuse`, with the family ended
 */
export async function checkPosition(bearer: Bearer, refresh: RefreshToken, row: SessionAndUser | null): Promise<void> {
  if (!row) return
  const { engine, tokens } = bearer
  const { session, now = engine.settings.clock() } = row
  const behind = session.generation - refresh.generation
  const rotatedAgo = now.getTime() - (session.rotatedAt?.getTime() ?? -Infinity)
  if (behind <= 0 || (behind === 1 && rotatedAgo <= tokens.reuseWindow)) return
  await endFamily(bearer, refresh)
  engine.emit('tokenReuse', { userId: refresh.token.sub, sessionId: refresh.token.sessionId })
  throw new AuthError('TokenReuse')
}

/** How often the row may have moved on before this gives up; each time another refresh has won. */
const MAX_TRIES = 5

/**
 * Consumes a refresh token. One conditional update decides. Who wins moves the family on; a loser, and the parent inside the window, joins the
 * generation that the family is at now, so that all holders are current and their chains converge. In both cases the update also asks
 * whether the family still lives, so that no child outlives a revoke.
 *
 * @param expires the end of the new refresh token
 */
export async function rotate(
  bearer: Bearer,
  refresh: RefreshToken,
  seen: SessionAndUser,
  expires: Date,
): Promise<void> {
  const { engine, rows } = bearer
  const to = nextGeneration(refresh)
  let row = seen
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    await checkPosition(bearer, refresh, row)
    const { sessionToken, generation: from } = row.session
    if (await rows?.rotateSession({ sessionToken, from, to, expires, now: engine.settings.clock() })) return
    row = (await findFamily(bearer, refresh)).row ?? row
  }
  throw new AuthError('AdapterError', { cause: new Error('the family moved on faster than it could be followed') })
}

/**
 * The generation of what a refresh token is exchanged for, whichever of the two that are allowed it is: the newest moves the family there,
 * its parent joins it there.
 */
export function nextGeneration({ generation }: RefreshToken): number {
  return generation + 1
}

/** Ends the family of a refresh token. */
export function endFamily(bearer: Bearer, refresh: RefreshToken): Promise<void> {
  return endBearer(bearer, { sessionId: refresh.token.sessionId, userId: refresh.token.sub })
}

/** Whose family it is. */
export function toFamilyIdentity({ token, startedAt }: RefreshToken): Identity {
  return toTokenIdentity(token, toSeconds(startedAt.getTime()), true)
}

/** Ends the session of a token pair, here at once and in the store for all. */
export async function endBearer(
  { engine, rows, table, revocations }: Bearer,
  { sessionId, userId }: { readonly sessionId: string; readonly userId: string },
): Promise<void> {
  await rows?.revokeSession({ id: sessionId, userId, now: engine.settings.clock() })
  await table?.deleteSession?.(await hashSessionId(sessionId))
  revocations.add([sessionId])
}
