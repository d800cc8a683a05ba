import { type PreparedStatement, prepareStatement, type SqliteDatabase } from './database.ts'

/** Statements with lists in them come in any number: once the list is full, the ones not used for longest are let go. */
const MAX_STATEMENTS = 200

export interface Statements {
  readonly prepare: (sql: string) => PreparedStatement
  readonly clear: () => void
}

/** Prepares each statement once, which is most of a query's cost. */
export function keepStatements(database: SqliteDatabase): Statements {
  const kept = new Map<string, PreparedStatement>()
  return {
    prepare: (sql) => {
      const known = kept.get(sql)
      // Their order matters once one has to go. Until then a Map that is written for each query would only grow and be copied.
      if (known && kept.size < MAX_STATEMENTS) return known
      const statement = known ?? prepareStatement(database, sql)
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
