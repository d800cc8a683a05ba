import type { ColumnType, Kysely } from 'kysely'

/** An integer column of 64 bits, which some drivers read as text. Instants are milliseconds in one. */
type BigInteger = ColumnType<number | string | bigint, number, number>
type OptionalBigInteger = ColumnType<number | string | bigint | null, number | null, number | null>

/** The columns that the library knows; an app's own stand beside them. */
export interface UsersTable {
  id: string
  name: string | null
  email: string | null
  email_verified: OptionalBigInteger
  image: string | null
}

export interface AccountsTable {
  provider: string
  provider_account_id: string
  type: string
  user_id: string
}

export interface SessionsTable {
  id: string
  /** SHA-256 of what the cookie holds. */
  session_token: string
  user_id: string
  expires: BigInteger
  created_at: BigInteger
  last_seen_at: BigInteger
  user_agent: string | null
  ip: string | null
  /** JSON. */
  claims: string | null
  revision: number
  generation: number
  rotated_at: OptionalBigInteger
  revoked_at: OptionalBigInteger
  /** Words with a space between. */
  amr: string | null
}

export interface VerificationTokensTable {
  identifier: string
  /** SHA-256 of what was sent. */
  token: string
  expires: BigInteger
}

export interface AuthDatabase {
  users: UsersTable
  accounts: AccountsTable
  sessions: SessionsTable
  verification_tokens: VerificationTokensTable
}

/**
 * The app's Kysely, whatever its schema: `Kysely<AppDatabase>` is not assignable to `Kysely<AuthDatabase>`, though every app's
 * database that was migrated has these tables.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- Kysely is invariant in its database: only any accepts every app's
export type AnyKysely = Kysely<any>

/** The same connection, seen as what this package knows of it. */
export function asAuthDatabase(db: AnyKysely): Kysely<AuthDatabase> {
  return db
}

/** The same connection, seen as one with any tables: their names are known when a query runs. */
export function asAnyTables(db: AnyKysely): Kysely<Record<string, Record<string, unknown>>> {
  return db
}
