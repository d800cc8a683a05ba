import type { CompleteAdapter, StoredSession } from '../adapter.ts'
import type { Tables } from './tables.ts'

type SessionMethods = Pick<
  CompleteAdapter,
  | 'createSession'
  | 'getSessionAndUser'
  | 'slideSession'
  | 'rotateSession'
  | 'writeSessionClaims'
  | 'listSessions'
  | 'revokeSession'
  | 'revokeSessions'
  | 'deleteSession'
>

export function sessionMethods({ sessions, users }: Tables): SessionMethods {
  /** Changes a row if it isn't revoked and is as the caller expects it. */
  const change = (token: string, expected: (row: StoredSession) => boolean, changes: Partial<StoredSession>) => {
    const row = sessions.get(token)
    if (!row || row.revokedAt || !expected(row)) return false
    sessions.set(token, { ...row, ...structuredClone(changes) })
    return true
  }
  const liveOf = (userId: string, now: Date) =>
    [...sessions.values()].filter((row) => row.userId === userId && !row.revokedAt && row.expires > now)

  return {
    createSession: async (session) => {
      const isTaken = [...sessions.values()].some(({ id }) => id === session.id) || sessions.has(session.sessionToken)
      if (isTaken) throw new Error('a session with this id or token exists')
      if (!users.has(session.userId)) throw new Error('there is no user with this id')
      sessions.set(session.sessionToken, structuredClone(session))
    },
    getSessionAndUser: async (sessionToken) => {
      const session = sessions.get(sessionToken)
      const user = session && users.get(session.userId)
      return session && user ? structuredClone({ session, user }) : null
    },
    slideSession: async ({ sessionToken, expires, lastSeenAt }) =>
      change(sessionToken, (row) => row.expires < expires && row.expires > lastSeenAt, { expires, lastSeenAt }),
    rotateSession: async ({ sessionToken, from, to, expires, now }) => {
      const known = sessions.get(sessionToken)
      const later = known && known.expires > expires ? known.expires : expires
      const rotated = from === to ? {} : { generation: to, rotatedAt: now }
      const isExpected = (row: StoredSession) => row.generation === from && row.expires > now
      return change(sessionToken, isExpected, { ...rotated, expires: later, lastSeenAt: now })
    },
    writeSessionClaims: async ({ sessionToken, revision, claims }) =>
      change(sessionToken, (row) => row.revision === revision, { claims, revision: revision + 1 }),
    listSessions: async ({ userId, now }) =>
      structuredClone(liveOf(userId, now).sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())),
    revokeSession: async ({ id, userId, now }) => {
      const row = liveOf(userId, now).find((session) => session.id === id)
      return row !== undefined && change(row.sessionToken, () => true, { revokedAt: now })
    },
    revokeSessions: async ({ userId, except, now }) => {
      const ended = liveOf(userId, now).filter(({ id }) => id !== except)
      for (const { sessionToken } of ended) change(sessionToken, () => true, { revokedAt: now })
      return ended.map(({ id }) => id)
    },
    deleteSession: async (sessionToken, now = new Date()) => {
      const row = sessions.get(sessionToken)
      if (row && row.expires <= now) sessions.delete(sessionToken)
    },
  }
}
