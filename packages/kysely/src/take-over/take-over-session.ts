import type { StoredSession } from '@latchkey/core'
import { copyUser } from './copy-user.ts'
import { hashToken, toSessionId } from './hash.ts'
import type { Shared } from './shared.ts'
import type { TheirSession } from './their-sessions.ts'

/**
 * Makes a row of ours for a session of the old table, if there is one that counts. Any number of instances may do so at once: they all make
 * the same row, of which one is written. A tombstone of ours stays what it is.
 *
 * @returns the hash by which our row is found; null: no such session
 */
export async function takeOver(shared: Shared, token: string): Promise<string | null> {
  const theirs = await shared.sessions.byToken(token)
  return theirs && takeOverFound(shared, theirs)
}

export async function takeOverFound(shared: Shared, theirs: TheirSession): Promise<string | null> {
  const { base, links } = shared
  const { token, expires } = theirs
  const now = new Date()
  if (expires <= now) return null
  const hash = await hashToken(token)
  if (await base.getSessionAndUser(hash)) return hash
  const copied = await copyUser(shared, theirs.userId)
  if (!copied) return null
  const row = await toRow(theirs, hash, now)
  // First the link: without it nobody would see the session end in the old table.
  const isNew = await links.insert({ hash, session: row.id, token, user: row.userId, expires })
  // It is just beginning in another request, under an id of its own.
  if (!isNew && (await links.get({ hash }))?.session !== row.id) return null
  try {
    await base.createSession(row)
  } catch (error) {
    if (!(await base.getSessionAndUser(hash))) throw error
  }
  return hash
}

/** All sessions that the old table has of a user, so that they can be listed and ended. */
export async function takeOverAll(shared: Shared, userId: string): Promise<void> {
  for (const session of await shared.sessions.ofUser(userId)) await takeOverFound(shared, session)
}

const DAY = 86_400_000

async function toRow({ userId, expires, createdAt }: TheirSession, hash: string, now: Date): Promise<StoredSession> {
  return {
    id: await toSessionId(hash),
    sessionToken: hash,
    userId,
    expires,
    // When it began isn't known in every table. A day ago: whoever it is hasn't just signed in.
    createdAt: createdAt ?? new Date(now.getTime() - DAY),
    lastSeenAt: now,
    userAgent: null,
    ip: null,
    claims: null,
    revision: 0,
    generation: 0,
    rotatedAt: null,
    amr: null,
    revokedAt: null,
  }
}
