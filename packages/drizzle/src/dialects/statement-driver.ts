import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'

/** Runs one statement. */
export type RunStatement = (query: CompiledQuery) => Promise<QueryResult<unknown>>

/**
 * A driver for a database that takes each statement by itself, over HTTP: there is no connection, so there are no transactions that hold
 * one. The adapter needs none, and migrations do without.
 */
export function createStatementDriver(name: string, run: RunStatement): Driver {
  const connection = createConnection(run)
  const refuse = async () => {
    throw new Error(`${name} has no interactive transactions`)
  }
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => {},
    destroy: async () => {},
  }
}

/** A connection whose statements `run` runs. */
export function createConnection(run: RunStatement): DatabaseConnection {
  return {
    // The rows that the query's builder promises.
    executeQuery: async <R>(query: CompiledQuery) => (await run(query)) as QueryResult<R>,
    streamQuery: () => {
      throw new Error('this driver streams no rows; select them at once')
    },
  }
}
