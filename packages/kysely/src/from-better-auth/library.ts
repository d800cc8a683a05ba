import type { TheirLibrary } from '../take-over/their-tables.ts'

/** The names of better-auth's tables, as its options `user.modelName` and so on give them. */
export interface BetterAuthTableNames {
  readonly users?: string
  readonly accounts?: string
  readonly sessions?: string
}

/** The names of their columns in the database, as its options `user.fields` and so on give them. */
export interface BetterAuthColumns {
  readonly users?: {
    readonly id?: string
    readonly name?: string
    readonly email?: string
    readonly emailVerified?: string
    readonly image?: string
  }
  readonly accounts?: { readonly userId?: string; readonly providerId?: string; readonly accountId?: string }
  readonly sessions?: { readonly token?: string; readonly userId?: string; readonly expiresAt?: string }
  /** When a row was made, in all three. */
  readonly createdAt?: string
  /** When a row was changed, in all three. */
  readonly updatedAt?: string
}

/** Where better-auth keeps passwords: they are accounts of this provider. */
export const PASSWORD_PROVIDER = 'credential'

export function toLibrary(
  names: BetterAuthTableNames = {},
  columns: BetterAuthColumns = {},
  sqliteInstants: 'text' | 'number' = 'text',
): TheirLibrary {
  const tables = { users: 'user', accounts: 'account', sessions: 'session', ...names }
  const { providerId = 'providerId', accountId = 'accountId', ...accounts } = columns.accounts ?? {}
  const { expiresAt = 'expiresAt', ...sessions } = columns.sessions ?? {}
  return {
    tables: {
      users: {
        table: tables.users,
        ...{ id: 'id', name: 'name', email: 'email', emailVerified: 'emailVerified', image: 'image' },
        ...columns.users,
      },
      accounts: {
        table: tables.accounts,
        userId: 'userId',
        provider: providerId,
        providerAccountId: accountId,
        ...accounts,
      },
      sessions: { table: tables.sessions, token: 'token', userId: 'userId', expires: expiresAt, ...sessions },
    },
    sqliteInstants,
    accountType: null,
    passwordProvider: PASSWORD_PROVIDER,
    createdAt: columns.createdAt ?? 'createdAt',
    updatedAt: columns.updatedAt ?? 'updatedAt',
  }
}
