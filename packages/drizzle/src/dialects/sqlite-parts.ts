import { type Dialect, type Driver, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'

/** SQLite's dialect on a driver whose connections don't wait for each other. */
export function sqliteDialectOn(createDriver: () => Driver): Dialect {
  return {
    createAdapter: () => new ManyConnectionsAdapter(),
    createDriver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

/** Kysely 0.29 would run one statement at a time, and keep the others waiting for a transaction. */
class ManyConnectionsAdapter extends SqliteAdapter {
  get supportsMultipleConnections(): boolean {
    return true
  }
}
