import { type Dialect, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { SqliteDatabase } from './sqlite/database.ts'
import { createSqliteDriver } from './sqlite/driver.ts'

/**
 * A dialect of Kysely for a database of `libsql`, `better-sqlite3`, `node:sqlite` (Node 22.16 or later) or `bun:sqlite`, set up for a
 * server: readers don't wait for the writer (WAL), a writer waits up to 5 s for another process without blocking this one, foreign
 * keys hold, and statements are prepared once, which is most of a query's cost.
 *
 * @example
 * import Database from 'libsql'
 * const db = new Kysely<Database>({ dialect: sqliteDialect(new Database('app.db')) })
 * @example
 * import { DatabaseSync } from 'node:sqlite'
 * const db = new Kysely<Database>({ dialect: sqliteDialect(new DatabaseSync('app.db')) })
 */
export function sqliteDialect(database: SqliteDatabase): Dialect {
  return {
    createAdapter: () => new OwnTurnsAdapter(),
    createDriver: () => createSqliteDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

/** Kysely 0.29 would give the one connection out by itself, and keep it for a query that waits. */
class OwnTurnsAdapter extends SqliteAdapter {
  get supportsMultipleConnections(): boolean {
    return true
  }
}
