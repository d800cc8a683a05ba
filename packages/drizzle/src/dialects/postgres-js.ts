import { CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type QueryResult } from 'kysely'
import { postgresDialectOn } from './postgres-parts.ts'
import { createConnection } from './statement-driver.ts'

/** The part of `postgres(…)` that is used. */
export interface PostgresJsClient extends PostgresJsSql {
  readonly options?: { readonly prepare?: boolean }
  readonly begin: <T>(work: (transaction: PostgresJsSql) => Promise<T>) => Promise<T>
  readonly end: () => Promise<void>
}

interface PostgresJsSql {
  readonly unsafe: (
    sql: string,
    parameters: readonly unknown[],
    options: { readonly prepare: boolean },
  ) => PromiseLike<PostgresJsResult>
}

type PostgresJsResult = readonly unknown[] & { readonly count: number | null; readonly command?: string }

/**
 * `postgres` (postgres.js). It gives each statement a connection of its pool by itself, and pins one for a transaction only: what a
 * statement sets for its session is not there for the next.
 */
export function postgresJsDialect(client: PostgresJsClient): Dialect {
  return postgresDialectOn(() => createDriver(client))
}

interface OpenTransaction {
  readonly sql: PostgresJsSql
  readonly end: (how: 'commit' | 'rollback') => Promise<void>
}

function createDriver(client: PostgresJsClient): Driver {
  const open = new WeakMap<DatabaseConnection, OpenTransaction>()
  // Behind a pooler that knows no prepared statements the app has turned them off.
  const prepare = client.options?.prepare !== false
  const acquire = (): DatabaseConnection => {
    const connection = createConnection((query) => run(open.get(connection)?.sql ?? client, query, prepare))
    return connection
  }
  const end = async (connection: DatabaseConnection, how: 'commit' | 'rollback') => {
    const transaction = open.get(connection)
    open.delete(connection)
    await transaction?.end(how)
  }
  return {
    init: async () => {},
    acquireConnection: async () => acquire(),
    beginTransaction: async (connection, { isolationLevel, accessMode }) => {
      open.set(connection, await beginTransaction(client))
      const modes = [isolationLevel && `isolation level ${isolationLevel}`, accessMode].filter((mode) => mode)
      if (modes.length > 0) await connection.executeQuery(CompiledQuery.raw(`set transaction ${modes.join(' ')}`))
    },
    commitTransaction: (connection) => end(connection, 'commit'),
    rollbackTransaction: (connection) => end(connection, 'rollback'),
    releaseConnection: async () => {},
    destroy: () => client.end(),
  }
}

/** postgres.js begins and ends a transaction around a function: it is kept waiting until the transaction ends. */
function beginTransaction(client: PostgresJsClient): Promise<OpenTransaction> {
  return new Promise((resolve, reject) => {
    const finished = client.begin(
      (sql) =>
        new Promise<void>((commit, rollback) => {
          const end = async (how: 'commit' | 'rollback') => {
            if (how === 'commit') commit()
            else rollback(ROLLED_BACK)
            await finished.catch(ignoreRollback)
          }
          resolve({ sql, end })
        }),
    )
    // If it can't begin. Later the promise is resolved already, and whoever ends the transaction gets the error.
    finished.catch(reject)
  })
}

const ROLLED_BACK = new Error('rolled back')

function ignoreRollback(error: unknown): void {
  if (error !== ROLLED_BACK) throw error
}

async function run(
  client: PostgresJsSql,
  { sql, parameters }: CompiledQuery,
  prepare: boolean,
): Promise<QueryResult<unknown>> {
  const result = await client.unsafe(sql, parameters.map(toBindable), { prepare })
  const isCounted = COUNTED.has(result.command ?? '')
  return { rows: [...result], ...(isCounted && { numAffectedRows: BigInt(result.count ?? 0) }) }
}

const COUNTED: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

/** Drizzle turns off what postgres.js does with dates and JSON, and does it by itself before. */
function toBindable(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  const isStructure = typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
  return isStructure ? JSON.stringify(value) : (value ?? null)
}
