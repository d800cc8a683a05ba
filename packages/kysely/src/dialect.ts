import type { AnyKysely } from './database.ts'

export type DialectName = 'sqlite' | 'postgres' | 'mysql'

/**
 * Which SQL a database speaks, read from what its dialect compiles. `instanceof` would fail for a second copy of Kysely, and what
 * an adapter says of itself differs: Neon's reports no transactional DDL, as SQLite's does.
 *
 * @throws TypeError for Microsoft SQL Server
 */
export function dialectOf(db: AnyKysely): DialectName {
  const { sql } = db.withoutPlugins().selectFrom('t').select('c').where('c', '=', 1).compile()
  if (sql.includes('$1')) return 'postgres'
  if (sql.includes('?')) return sql.includes('`') ? 'mysql' : 'sqlite'
  throw new TypeError('db: this dialect is not supported; use SQLite, PostgreSQL, MySQL or MariaDB')
}
