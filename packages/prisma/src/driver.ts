import type { DatabaseConnection, Driver, TransactionSettings } from 'kysely'
import { type PrismaClientLike, type PrismaProvider, transactionsOf } from './client.ts'
import { createConnection } from './connection.ts'
import { beginTransaction, type OpenTransaction } from './transaction.ts'

/** Drives a Prisma client: a connection is one of Prisma's pool for each statement, or a transaction. */
export function createPrismaDriver(prisma: PrismaClientLike, provider: PrismaProvider): Driver {
  const open = new WeakMap<DatabaseConnection, OpenTransaction>()
  const end = async (connection: DatabaseConnection, how: 'commit' | 'rollback') => {
    const transaction = open.get(connection)
    open.delete(connection)
    await transaction?.[how]()
  }
  const placeOf = (connection: DatabaseConnection) => {
    const client = open.get(connection)?.client
    return { client: client ?? prisma, isPinned: client !== undefined || transactionsOf(prisma) === null }
  }
  return {
    init: async () => {},
    acquireConnection: async () => {
      const connection = createConnection(provider, () => placeOf(connection))
      return connection
    },
    releaseConnection: async () => {},
    beginTransaction: async (connection, settings) => {
      open.set(connection, await beginTransaction(prisma, toOptions(settings)))
    },
    commitTransaction: (connection) => end(connection, 'commit'),
    rollbackTransaction: (connection) => end(connection, 'rollback'),
    // The connections are Prisma's.
    destroy: async () => {},
  }
}

/** `'repeatable read'` is `'RepeatableRead'` for Prisma. */
function toOptions({ isolationLevel }: TransactionSettings): { readonly isolationLevel?: string } {
  if (isolationLevel === undefined) return {}
  const capitalise = (_: string, letter: string) => letter.toUpperCase()
  return { isolationLevel: isolationLevel.replace(/(?:^| )([a-z])/g, capitalise) }
}
