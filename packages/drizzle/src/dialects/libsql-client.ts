import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  RawNode,
  SelectQueryNode,
} from 'kysely'
import { untilFree } from './busy.ts'
import { sqliteDialectOn } from './sqlite-parts.ts'
import { createConnection } from './statement-driver.ts'

/** The part of a client of `@libsql/client` that is used. */
export interface LibsqlClient extends Executor {
  /** `file`, or how a server is reached. */
  readonly protocol: string
  readonly batch: (statements: readonly Statement[], mode: 'write') => Promise<readonly ResultSet[]>
  readonly transaction: (mode: 'write') => Promise<Transaction>
  readonly close: () => void
}

interface Executor {
  readonly execute: (statement: Statement) => Promise<ResultSet>
}

interface Transaction extends Executor {
  readonly commit: () => Promise<void>
  readonly rollback: () => Promise<void>
}

interface Statement {
  readonly sql: string
  readonly args: readonly unknown[]
}

interface ResultSet {
  readonly columns: readonly string[]
  /** Each has its values by number too. */
  readonly rows: readonly { readonly [index: number]: unknown }[]
  readonly rowsAffected: number
  readonly lastInsertRowid?: bigint | undefined
}

/** `@libsql/client`: a file, a server of libSQL, or Turso. */
export function libsqlClientDialect(client: LibsqlClient): Dialect {
  return sqliteDialectOn(() => createDriver(client))
}

function createDriver(client: LibsqlClient): Driver {
  const open = new WeakMap<DatabaseConnection, Transaction>()
  const begin = async (connection: DatabaseConnection) => {
    open.set(connection, await untilFree(() => client.transaction('write')))
  }
  const end = async (connection: DatabaseConnection, how: 'commit' | 'rollback') => {
    const transaction = open.get(connection)
    open.delete(connection)
    await transaction?.[how]()
  }
  const acquire = (): DatabaseConnection => {
    const connection = createConnection(async (query) => {
      // The client gives each statement any connection, so a transaction is begun by its method. Migrations begin one as text.
      const word = RawNode.is(query.query) ? TRANSACTION.exec(query.sql)?.[1]?.toLowerCase() : undefined
      if (word === 'begin') await begin(connection)
      else if (word === 'commit' || word === 'rollback') await end(connection, word)
      else return run(client, open.get(connection), query)
      return { rows: [] }
    })
    return connection
  }
  return {
    init: async () => {},
    acquireConnection: async () => acquire(),
    beginTransaction: begin,
    commitTransaction: (connection) => end(connection, 'commit'),
    rollbackTransaction: (connection) => end(connection, 'rollback'),
    releaseConnection: (connection) => end(connection, 'rollback'),
    destroy: async () => client.close(),
  }
}

const TRANSACTION = /^\s*(begin|commit|rollback)\b(?!\s+to\b)/i

async function run(
  client: LibsqlClient,
  transaction: Transaction | undefined,
  query: CompiledQuery,
): Promise<QueryResult<unknown>> {
  const statement = { sql: query.sql, args: query.parameters.map((value) => value ?? null) }
  if (transaction) return toResult(await transaction.execute(statement))
  const isFileWrite = client.protocol === 'file' && !SelectQueryNode.is(query.query) && !RawNode.is(query.query)
  if (!isFileWrite) return toResult(await untilFree(() => client.execute(statement)))
  // A write that finds a file locked would leave its statement unfinished, and no other could commit: the lock is taken first.
  const [result] = await untilFree(() => client.batch([statement], 'write'))
  if (!result) throw new Error('@libsql/client returned no result for a statement')
  return toResult(result)
}

function toResult({ columns, rows, rowsAffected, lastInsertRowid }: ResultSet): QueryResult<unknown> {
  return {
    rows: rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]]))),
    numAffectedRows: BigInt(rowsAffected),
    ...(lastInsertRowid !== undefined && { insertId: lastInsertRowid }),
  }
}
