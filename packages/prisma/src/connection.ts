import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import { type PrismaClientLike, type PrismaProvider, transactionsOf } from './client.ts'
import { toDriverError } from './errors.ts'
import { returnsRows, setsConnection, setsInsertId } from './statements.ts'

/** Where a statement runs. */
export interface Place {
  readonly client: PrismaClientLike
  /** Whether the next statement runs on the same connection. */
  readonly isPinned: boolean
}

/** @param place asked before each statement: a transaction may have begun or ended */
export function createConnection(provider: PrismaProvider, place: () => Place): DatabaseConnection {
  const executeQuery = async <R>(query: CompiledQuery) => {
    try {
      return (await execute(provider, place(), query)) as QueryResult<R> // the rows that the query's builder promises
    } catch (error) {
      throw toDriverError(error)
    }
  }
  return {
    executeQuery,
    // Prisma reads all rows before it returns one.
    streamQuery: async function* <R>(query: CompiledQuery) {
      yield await executeQuery<R>(query)
    },
  }
}

async function execute(
  provider: PrismaProvider,
  { client, isPinned }: Place,
  query: CompiledQuery,
): Promise<QueryResult<unknown>> {
  if (!isPinned && setsConnection(query)) throw new TypeError(REFUSED)
  if (provider === 'mysql' && setsInsertId(query)) return insertReturningId(client, query)
  const { sql, parameters } = query
  if (returnsRows(query)) return { rows: toRows(await client.$queryRawUnsafe(sql, ...parameters)) }
  return { rows: [], numAffectedRows: BigInt(await client.$executeRawUnsafe(sql, ...parameters)) }
}

const REFUSED =
  'prisma: this statement changes its connection, and Prisma may run the next one on another; use transaction() of Kysely or $transaction of Prisma'

function toRows(result: unknown): unknown[] {
  return Array.isArray(result) ? result : []
}

/** Prisma doesn't hand on the id: it is read on the same connection, in one transaction with the insert. */
async function insertReturningId(
  client: PrismaClientLike,
  { sql, parameters }: CompiledQuery,
): Promise<QueryResult<unknown>> {
  const transactions = transactionsOf(client)
  const insert = () => client.$executeRawUnsafe(sql, ...parameters)
  const readId = () => client.$queryRawUnsafe('select last_insert_id() as id')
  const [written, read] = transactions
    ? await transactions.batch([insert(), readId()])
    : [await insert(), await readId()]
  const [row] = toRows(read) as readonly { readonly id: string | number | bigint }[] // as readId names it
  return { rows: [], numAffectedRows: BigInt(Number(written)), insertId: BigInt(row?.id ?? 0) }
}
