import type { Adapter, AdapterSession, AdapterUser } from '../../src/index.ts'

/** What an `@auth/*-adapter` is: Auth.js's methods, its three columns of a session, and nothing of ours. */
export function authJsAdapter() {
  const users = new Map<string, AdapterUser>()
  const sessions = new Map<string, AdapterSession>()
  const adapter = {
    createUser: async (user: AdapterUser) => {
      users.set(user.id, { ...user })
      return user
    },
    getUser: async (id: string) => users.get(id) ?? null,
    updateUser: async (user: Partial<AdapterUser> & Pick<AdapterUser, 'id'>) => {
      const updated = { ...users.get(user.id), ...user }
      users.set(user.id, updated)
      return updated
    },
    createSession: async ({ sessionToken, userId, expires, ...more }: AdapterSession) => {
      if (Object.keys(more).length > 0) throw new Error(`unknown columns: ${Object.keys(more).join()}`)
      sessions.set(sessionToken, { sessionToken, userId, expires })
    },
    getSessionAndUser: async (sessionToken: string) => {
      const session = sessions.get(sessionToken)
      const user = session && users.get(session.userId)
      return session && user ? { session, user } : null
    },
    updateSession: async (session: Partial<AdapterSession> & Pick<AdapterSession, 'sessionToken'>) => {
      const known = sessions.get(session.sessionToken)
      if (known) sessions.set(session.sessionToken, { ...known, ...session })
    },
    deleteSession: async (sessionToken: string) => void sessions.delete(sessionToken),
  } satisfies Adapter
  return { adapter, sessions, users }
}
