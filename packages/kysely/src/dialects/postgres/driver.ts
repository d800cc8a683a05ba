import { type DatabaseConnection, type Driver, PostgresDialect, PostgresDriver, type PostgresPool } from 'kysely'
import { createConnection, type PostgresClient, type PreparingConnection } from './connection.ts'

/** Kysely's dialect, whose connections have the server keep the statements that have a name. */
export class PreparingDialect extends PostgresDialect {
  readonly #pool: PostgresPool

  constructor(pool: PostgresPool) {
    super({ pool })
    this.#pool = pool
  }

  override createDriver(): Driver {
    return createPreparingDriver(this.#pool)
  }
}

/** Kysely's driver with connections of our own. */
function createPreparingDriver(pool: PostgresPool): Driver {
  const inner = new PostgresDriver({ pool })
  const connections = new WeakMap<object, PreparingConnection>()
  return {
    init: () => inner.init(),
    acquireConnection: async () => {
      const client = await pool.connect()
      const connection = connections.get(client) ?? createConnection(client as unknown as PostgresClient) // of `pg`, which takes a query as one object too
      connections.set(client, connection)
      return connection
    },
    releaseConnection: async (connection) => toOwn(connection).release(),
    beginTransaction: async (connection, settings) => {
      toOwn(connection).beginTransaction()
      await inner.beginTransaction(connection, settings)
    },
    commitTransaction: (connection) => inner.commitTransaction(connection),
    rollbackTransaction: (connection) => inner.rollbackTransaction(connection),
    savepoint: (...args) => inner.savepoint(...args),
    rollbackToSavepoint: (...args) => inner.rollbackToSavepoint(...args),
    releaseSavepoint: (...args) => inner.releaseSavepoint(...args),
    destroy: () => inner.destroy(),
  }
}

/** Kysely hands back what `acquireConnection` has given it. */
function toOwn(connection: DatabaseConnection): PreparingConnection {
  return connection as PreparingConnection
}
