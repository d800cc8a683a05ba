import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import { nameOf } from '../../statement-name.ts'
import { createStatementNames, isStatementLost } from './statement-names.ts'

/** The part of a client of `pg` that is used. */
export interface PostgresClient {
  query(config: PostgresQuery): Promise<PostgresResult>
  release(): void
}

interface PostgresQuery {
  readonly name?: string | undefined
  readonly text: string
  readonly values: readonly unknown[]
}

interface PostgresResult {
  readonly command: string
  readonly rowCount: number | null
  readonly rows?: unknown[]
}

export interface PreparingConnection extends DatabaseConnection {
  /** Sends statements without their names until the connection is released: an error would end the app's transaction. */
  beginTransaction(): void
  release(): void
}

/** A connection that has the server keep the statements that have a name. */
export function createConnection(client: PostgresClient): PreparingConnection {
  const names = createStatementNames()
  let isInTransaction = false
  return {
    executeQuery: <R>(query: CompiledQuery) => {
      const name = isInTransaction ? undefined : names.toName(nameOf(query))
      const result = name === undefined ? send(client, query) : sendNamed(name, query)
      return result.then(toResult) as Promise<QueryResult<R>> // the rows that the query's builder promises
    },
    // oxlint-disable-next-line require-yield -- it throws, as Kysely's does without a cursor
    streamQuery: async function* () {
      throw new Error('postgresDialect: rows can not be streamed; use PostgresDialect of Kysely with a cursor')
    },
    beginTransaction: () => {
      isInTransaction = true
    },
    release: () => {
      isInTransaction = false
      client.release()
    },
  }

  /** A statement that the server doesn't have, or can't use any more, has changed nothing: it is sent again without its name. */
  function sendNamed(name: string, query: CompiledQuery): Promise<PostgresResult> {
    return send(client, query, name).catch((error: unknown) => {
      if (!isStatementLost(error)) throw error
      names.renew(name)
      return send(client, query).catch((second: unknown) => {
        throw isTransactionOver(second) ? error : second
      })
    })
  }
}

function send(client: PostgresClient, { sql, parameters }: CompiledQuery, name?: string): Promise<PostgresResult> {
  return client.query({ name, text: sql, values: parameters })
}

/** The app has begun a transaction by a statement of its own, and the first error has ended it. */
function isTransactionOver(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '25P02'
}

function toResult({ command, rowCount, rows = [] }: PostgresResult): QueryResult<unknown> {
  return WRITES.has(command) ? { numAffectedRows: BigInt(rowCount ?? 0), rows } : { rows }
}

const WRITES: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])
