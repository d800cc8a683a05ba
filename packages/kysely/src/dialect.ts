import type { AnyKysely } from './database.ts'

export type DialectName = 'sqlite' | 'postgres' | 'mysql'

/**
 * Which SQL a database speaks, by what its dialect can do: `instanceof` would fail for a second copy of Kysely, and third-party
 * dialects answer the same questions.
 *
 * @throws TypeError for Microsoft SQL Server
 */
export function dialectOf(db: AnyKysely): DialectName {
  const { adapter } = db.getExecutor()
  if (adapter.supportsOutput)
    throw new TypeError('db: this dialect is not supported; use SQLite, PostgreSQL, MySQL or MariaDB')
  if (!adapter.supportsReturning) return 'mysql'
  return adapter.supportsTransactionalDdl ? 'postgres' : 'sqlite'
}
