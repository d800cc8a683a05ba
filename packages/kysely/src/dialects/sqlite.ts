import {
  CompiledQuery,
  type DatabaseConnection,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteStatement,
} from 'kysely'

/**
 * Kysely's SQLite dialect for `libsql` or `better-sqlite3`, set up for a server: readers don't wait for the writer (WAL), a writer
 * waits up to 5 s for another process, foreign keys hold, and statements are prepared once, which is most of a query's cost.
 *
 * @example
 * import Database from 'libsql'
 * const db = new Kysely<Database>({ dialect: sqliteDialect(new Database('app.db')) })
 */
export function sqliteDialect(database: SqliteDatabase): SqliteDialect {
  return new SqliteDialect({ database: keepStatements(database), onCreateConnection: configure })
}

/** busy_timeout comes first: changing the journal needs the lock too. */
async function configure(connection: DatabaseConnection): Promise<void> {
  for (const pragma of ['busy_timeout = 5000', 'journal_mode = wal', 'foreign_keys = on']) {
    await connection.executeQuery(CompiledQuery.raw(`pragma ${pragma}`))
  }
}

/** Statements with lists in them come in any number: the ones not used for longest are let go. */
const MAX_STATEMENTS = 200

function keepStatements(database: SqliteDatabase): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  return {
    prepare: (sql) => {
      const statement = kept.get(sql) ?? wrap(database, sql)
      kept.delete(sql)
      kept.set(sql, statement)
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_STATEMENTS) break
        kept.delete(oldest)
      }
      return statement
    },
    close: () => {
      kept.clear()
      database.close()
    },
  }
}

function wrap(database: SqliteDatabase, sql: string): SqliteStatement {
  const statement = database.prepare(sql)
  return {
    reader: statement.reader,
    all: (parameters) => statement.all(parameters.map(toBindable)),
    run: (parameters) => statement.run(parameters.map(toBindable)),
    // A stream may be left half read, which keeps its statement busy: it gets one of its own.
    iterate: (parameters) => database.prepare(sql).iterate(parameters.map(toBindable)),
  }
}

/** SQLite has no booleans; libsql aborts the process when it is given one. */
function toBindable(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value
}
