import type { TheirLibrary } from '../take-over/their-tables.ts'

/** The names of an Auth.js adapter's tables. */
export interface AuthJsTableNames {
  readonly users?: string
  readonly accounts?: string
  readonly sessions?: string
}

/** The names of their columns in the database, if they aren't Auth.js's own. */
export interface AuthJsColumns {
  readonly users?: {
    readonly id?: string
    readonly name?: string
    readonly email?: string
    readonly emailVerified?: string
    readonly image?: string
  }
  readonly accounts?: {
    readonly userId?: string
    readonly type?: string
    readonly provider?: string
    readonly providerAccountId?: string
  }
  readonly sessions?: { readonly sessionToken?: string; readonly userId?: string; readonly expires?: string }
}

/** Which of Auth.js's adapters made the tables. */
export type AuthJsAdapterName = 'kysely' | 'drizzle' | 'prisma'

const NAMES = {
  kysely: { users: 'User', accounts: 'Account', sessions: 'Session' },
  prisma: { users: 'User', accounts: 'Account', sessions: 'Session' },
  drizzle: { users: 'user', accounts: 'account', sessions: 'session' },
} as const satisfies Record<AuthJsAdapterName, AuthJsTableNames>

/** @throws TypeError for another adapter */
export function toLibrary(
  madeBy: AuthJsAdapterName,
  names: AuthJsTableNames = {},
  columns: AuthJsColumns = {},
  sqliteInstants: 'text' | 'number' = madeBy === 'kysely' ? 'text' : 'number',
): TheirLibrary {
  if (!Object.hasOwn(NAMES, madeBy)) throw new TypeError("madeBy: write 'kysely', 'drizzle' or 'prisma'")
  const tables = { ...NAMES[madeBy], ...names }
  const { type = 'type', ...accounts } = columns.accounts ?? {}
  const { sessionToken = 'sessionToken', ...sessions } = columns.sessions ?? {}
  return {
    tables: {
      users: {
        table: tables.users,
        ...{ id: 'id', name: 'name', email: 'email', emailVerified: 'emailVerified', image: 'image' },
        ...columns.users,
      },
      accounts: {
        table: tables.accounts,
        ...{ userId: 'userId', provider: 'provider', providerAccountId: 'providerAccountId' },
        ...accounts,
      },
      sessions: { table: tables.sessions, token: sessionToken, userId: 'userId', expires: 'expires', ...sessions },
    },
    sqliteInstants,
    accountType: type,
    passwordProvider: null,
    createdAt: null,
    updatedAt: null,
  }
}
