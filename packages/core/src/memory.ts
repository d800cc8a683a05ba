import type { AdapterAccount, AdapterUser, SessionAdapter, StoredSession, VerificationToken } from './adapter.ts'

interface Tables {
  readonly users: Map<string, AdapterUser>
  readonly accounts: Map<string, AdapterAccount>
  /** By the hash that finds them. */
  readonly sessions: Map<string, StoredSession>
  readonly tokens: Map<string, VerificationToken>
}

/**
 * A store in this process's memory, for tests and for trying things out: everything is gone with the process, and a second process
 * knows nothing of it.
 *
 * @example createAuth({ adapter: memoryAdapter(), … })
 */
export function memoryAdapter(): SessionAdapter {
  const tables: Tables = { users: new Map(), accounts: new Map(), sessions: new Map(), tokens: new Map() }
  return { ...userMethods(tables), ...accountMethods(tables), ...sessionMethods(tables), ...tokenMethods(tables) }
}

// What goes in and comes out is copied, so that nobody changes a row by holding it. Each method does its work before the first
// await: that makes it one step, as one conditional statement is.

function userMethods({ users, accounts, sessions }: Tables) {
  const byEmail = (email: string) =>
    [...users.values()].find((user) => user.email?.toLowerCase() === email.toLowerCase())
  return {
    createUser: async (user: AdapterUser) => {
      if (users.has(user.id)) throw new Error('a user with this id exists')
      if (user.email && byEmail(user.email)) throw new Error('a user with this e-mail address exists')
      const row = { name: null, email: null, emailVerified: null, image: null, ...structuredClone(user) }
      users.set(row.id, row)
      return structuredClone(row)
    },
    getUser: async (id: string) => structuredClone(users.get(id) ?? null),
    getUserByEmail: async (email: string) => structuredClone(byEmail(email) ?? null),
    getUserByAccount: async ({
      provider,
      providerAccountId,
    }: Pick<AdapterAccount, 'provider' | 'providerAccountId'>) => {
      const account = accounts.get(accountKey(provider, providerAccountId))
      return structuredClone((account && users.get(account.userId)) ?? null)
    },
    updateUser: async (changes: Partial<AdapterUser> & Pick<AdapterUser, 'id'>) => {
      const known = users.get(changes.id)
      if (!known) throw new Error('there is no user with this id')
      const holder = changes.email ? byEmail(changes.email) : undefined
      if (holder && holder.id !== changes.id) throw new Error('a user with this e-mail address exists')
      const row = { ...known, ...structuredClone(changes) }
      users.set(row.id, row)
      return structuredClone(row)
    },
    deleteUser: async (id: string) => {
      users.delete(id)
      for (const [key, account] of accounts) if (account.userId === id) accounts.delete(key)
      for (const [key, session] of sessions) if (session.userId === id) sessions.delete(key)
    },
  }
}

function accountMethods({ accounts, users }: Tables) {
  return {
    linkAccount: async (account: AdapterAccount) => {
      const key = accountKey(account.provider, account.providerAccountId)
      if (accounts.has(key)) throw new Error('this account is linked already')
      if (!users.has(account.userId)) throw new Error('there is no user with this id')
      accounts.set(key, structuredClone(account))
    },
    unlinkAccount: async ({ provider, providerAccountId }: Pick<AdapterAccount, 'provider' | 'providerAccountId'>) => {
      accounts.delete(accountKey(provider, providerAccountId))
    },
  }
}

/** No provider's id holds a NUL, so that no two accounts share a key. */
function accountKey(provider: string, providerAccountId: string): string {
  return `${provider}\0${providerAccountId}`
}

function sessionMethods({ sessions, users }: Tables) {
  const isLive = ({ revokedAt }: StoredSession) => revokedAt === null
  /** Replaces a row if it is there, live, and as the caller expects it. */
  const change = (
    sessionToken: string,
    expected: (row: StoredSession) => boolean,
    changes: (row: StoredSession) => Partial<StoredSession>,
  ) => {
    const row = sessions.get(sessionToken)
    if (!row || !isLive(row) || !expected(row)) return false
    sessions.set(sessionToken, { ...row, ...structuredClone(changes(row)) })
    return true
  }
  const of = (userId: string) => [...sessions.values()].filter((row) => row.userId === userId && isLive(row))
  return {
    createSession: async (session: StoredSession) => {
      const isTaken = sessions.has(session.sessionToken) || [...sessions.values()].some(({ id }) => id === session.id)
      if (isTaken) throw new Error('a session with this id or token exists')
      if (!users.has(session.userId)) throw new Error('there is no user with this id')
      sessions.set(session.sessionToken, structuredClone(session))
    },
    getSessionAndUser: async (sessionToken: string) => {
      const session = sessions.get(sessionToken)
      const user = session && users.get(session.userId)
      return session && user ? structuredClone({ session, user }) : null
    },
    slideSession: async ({ sessionToken, expires, lastSeenAt }: Parameters<SessionAdapter['slideSession']>[0]) =>
      change(
        sessionToken,
        (row) => row.expires < expires,
        () => ({ expires, lastSeenAt }),
      ),
    rotateSession: async ({ sessionToken, from, to, expires, now }: Parameters<SessionAdapter['rotateSession']>[0]) =>
      change(
        sessionToken,
        (row) => row.generation === from,
        (row) => ({ generation: to, rotatedAt: from === to ? row.rotatedAt : now, expires, lastSeenAt: now }),
      ),
    writeSessionClaims: async ({
      sessionToken,
      revision,
      claims,
    }: Parameters<SessionAdapter['writeSessionClaims']>[0]) =>
      change(
        sessionToken,
        (row) => row.revision === revision,
        () => ({ claims, revision: revision + 1 }),
      ),
    listSessions: async ({ userId, now }: Parameters<SessionAdapter['listSessions']>[0]) =>
      structuredClone(
        of(userId)
          .filter((row) => row.expires > now)
          .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime()),
      ),
    revokeSession: async ({ id, userId, now }: Parameters<SessionAdapter['revokeSession']>[0]) => {
      const row = of(userId).find((session) => session.id === id)
      return row
        ? change(
            row.sessionToken,
            () => true,
            () => ({ revokedAt: now }),
          )
        : false
    },
    revokeSessions: async ({ userId, except, now }: Parameters<SessionAdapter['revokeSessions']>[0]) => {
      const ended = of(userId).filter(({ id }) => id !== except)
      for (const { sessionToken } of ended)
        change(
          sessionToken,
          () => true,
          () => ({ revokedAt: now }),
        )
      return ended.map(({ id }) => id)
    },
    deleteSession: async (sessionToken: string, now?: Date) => {
      const row = sessions.get(sessionToken)
      if (row && (!now || row.expires <= now)) sessions.delete(sessionToken)
    },
  }
}

function tokenMethods({ tokens, sessions }: Tables) {
  return {
    createVerificationToken: async (token: VerificationToken) => {
      tokens.set(accountKey(token.identifier, token.token), structuredClone(token))
      return structuredClone(token)
    },
    useVerificationToken: async ({ identifier, token }: Pick<VerificationToken, 'identifier' | 'token'>) => {
      const key = accountKey(identifier, token)
      const found = tokens.get(key) ?? null
      tokens.delete(key)
      return found
    },
    deleteExpired: async ({ now, limit = Infinity }: Parameters<SessionAdapter['deleteExpired']>[0]) => {
      let deleted = 0
      for (const table of [sessions, tokens] as readonly Map<string, { readonly expires: Date }>[]) {
        for (const [key, { expires }] of table) {
          if (deleted >= limit) return deleted
          if (expires <= now && table.delete(key)) deleted++
        }
      }
      return deleted
    },
  }
}
