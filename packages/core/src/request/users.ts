import { isSessionAdapter } from '../store/adapter.ts'
import { AuthError, configurationError } from '../errors.ts'
import { endWaiting } from './end-sessions.ts'
import type { RequestEngine } from './engine.ts'

/** Ends all sessions of a user on the server's behalf. */
export async function revokeUserSessions(engine: RequestEngine, userId: string): Promise<{ revoked: number }> {
  const { adapter, settings } = engine
  checkUserId(userId)
  if (!isSessionAdapter(adapter)) {
    throw configurationError('adapter', 'it lacks revokeSessions(): with it, sessions can be ended by their user')
  }
  return endWaiting(engine, userId, async () => {
    const ended = await adapter.revokeSessions({ userId, now: settings.clock() })
    endStreams(engine, userId, ended)
    return { revoked: ended.length }
  })
}

/** Deletes a user with all that is theirs. Their sessions end first, so that none outlives a deletion that fails half-way. */
export async function deleteUser(engine: RequestEngine, userId: string): Promise<void> {
  const { adapter, tables } = engine
  checkUserId(userId)
  if (!adapter?.deleteUser) throw configurationError('adapter', 'it lacks deleteUser()')
  const row = await adapter.getUser?.(userId)
  if (isSessionAdapter(adapter)) await revokeUserSessions(engine, userId)
  // If the users are in another store, no foreign key does it.
  await tables?.deleteUser(userId)
  await adapter.deleteUser(userId)
  endStreams(engine, userId, [])
  if (row) engine.emit('deleteUser', { user: { ...row } })
}

/** Also those that are open here and that no row names: another library's adapter can't list a user's sessions. */
function endStreams({ revocations, live }: RequestEngine, userId: string, ended: readonly string[]): void {
  revocations.add([...new Set([...ended, ...live.idsOf(userId)])])
}

function checkUserId(userId: unknown): void {
  if (typeof userId !== 'string' || userId === '')
    throw new AuthError('InvalidInput', { detail: 'write the id of a user' })
}
