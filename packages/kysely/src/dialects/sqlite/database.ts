/** What `libsql`, `better-sqlite3`, `node:sqlite` and `bun:sqlite` have in common. */
export interface SqliteDatabase {
  // Methods, not properties: the drivers' own parameter types are narrower.
  prepare(sql: string): SqliteStatement
  exec?(sql: string): unknown
  close(): void
}

/** A prepared statement of one of these drivers. */
export interface SqliteStatement {
  /** Whether it returns rows: libsql and better-sqlite3 say so. */
  readonly reader?: boolean
  /** bun:sqlite's. */
  readonly columnNames?: readonly string[]
  /** node:sqlite's, since Node 22.16. */
  columns?(): readonly unknown[]
  all(...parameters: readonly unknown[]): unknown[]
  run(...parameters: readonly unknown[]): {
    readonly changes: number | bigint
    readonly lastInsertRowid: number | bigint
  }
  iterate(...parameters: readonly unknown[]): Iterable<unknown>
}

/** A statement of any of them. */
export interface PreparedStatement {
  readonly returnsRows: boolean
  readonly all: (parameters: readonly unknown[]) => unknown[]
  readonly run: (parameters: readonly unknown[]) => ReturnType<SqliteStatement['run']>
  readonly iterate: (parameters: readonly unknown[]) => Iterable<unknown>
}

/** @throws TypeError for a `node:sqlite` that doesn't say whether a statement returns rows */
export function prepareStatement(database: SqliteDatabase, sql: string): PreparedStatement {
  const statement = database.prepare(sql)
  const shared = { returnsRows: returnsRows(statement) }
  // libsql and better-sqlite3 take a list; the others would read one as named parameters.
  if (statement.reader !== undefined) {
    return {
      ...shared,
      all: (parameters) => statement.all(parameters.map(toBindable)),
      run: (parameters) => statement.run(parameters.map(toBindable)),
      // A stream may be left half read, which keeps its statement busy: it gets one of its own.
      iterate: (parameters) => database.prepare(sql).iterate(parameters.map(toBindable)),
    }
  }
  return {
    ...shared,
    all: (parameters) => statement.all(...parameters.map(toBindable)),
    run: (parameters) => statement.run(...parameters.map(toBindable)),
    iterate: (parameters) => database.prepare(sql).iterate(...parameters.map(toBindable)),
  }
}

function returnsRows(statement: SqliteStatement): boolean {
  if (statement.reader !== undefined) return statement.reader
  if (statement.columnNames) return statement.columnNames.length > 0
  if (statement.columns) return statement.columns().length > 0
  throw new TypeError('sqliteDialect: node:sqlite takes Node 22.16, 23.11 or later; use libsql with earlier ones')
}

/** Whether a transaction is open; true if the driver doesn't say. */
export function isInTransaction(database: SqliteDatabase): boolean {
  const answer: unknown = Reflect.get(database, 'inTransaction') ?? Reflect.get(database, 'isTransaction')
  return answer !== false
}

/** SQLite has no booleans; libsql aborts the process when it is given one. */
export function toBindable(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value)
  return value === undefined ? null : value
}
