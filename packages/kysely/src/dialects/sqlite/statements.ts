import { createFirstRow } from './first-row.ts'
import { type PreparedStatement, prepareStatement, type SqliteDatabase } from './database.ts'

/** Statements with lists in them come in any number: once the list is full, the ones not used for longest are let go. */
const MAX_STATEMENTS = 200

export interface KeptStatement extends PreparedStatement {
  /** As `all`, for a select that returns one row at most. */
  readonly first: PreparedStatement['all']
}

export interface Statements {
  readonly prepare: (sql: string) => KeptStatement
  readonly clear: () => void
}

/** Prepares each statement once, which is most of a query's cost. */
export function keepStatements(database: SqliteDatabase): Statements {
  const kept = new Map<string, KeptStatement>()
  return {
    prepare: (sql) => {
      const known = kept.get(sql)
      // Their order matters once one has to go. Until then a Map that is written for each query would only grow and be copied.
      if (known && kept.size < MAX_STATEMENTS) return known
      const statement = known ?? prepare(database, sql)
      kept.delete(sql)
      kept.set(sql, statement)
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_STATEMENTS) break
        kept.delete(oldest)
      }
      return statement
    },
    clear: () => kept.clear(),
  }
}

function prepare(database: SqliteDatabase, sql: string): KeptStatement {
  const statement = prepareStatement(database, sql)
  return { ...statement, first: createFirstRow(database, sql, statement.all) }
}
