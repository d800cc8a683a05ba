import type { Adapter, AdapterSession, AdapterUser, UserRow } from '../../src/index.ts'

/**
 * What an `@auth/*-adapter` is: Auth.js's methods, its three columns of a session, ids of its own, and nothing of ours. The tests' users
 * are in its table.
 */
export function authJsAdapter() {
  const users = new Map<string, AdapterUser>(['ann', 'bob'].map((id) => [id, { id, name: id }]))
  const sessions = new Map<string, AdapterSession>()
  const adapter = {
    createUser: async (user: UserRow) => {
      const made = { ...user, id: crypto.randomUUID() }
      users.set(made.id, made)
      return made
    },
    getUser: async (id: string) => users.get(id) ?? null,
    updateUser: async (user: Partial<UserRow> & Pick<UserRow, 'id'>) => {
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
