import { PostgresDialect, type PostgresPool } from 'kysely'
import { PreparingDialect } from './postgres/driver.ts'

/** The part of `pg`'s `Pool` that is listened to. */
export interface PostgresPoolEvents {
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'connect', listener: (client: PostgresClientEvents) => void): unknown
}

interface PostgresClientEvents {
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** How {@link postgresDialect} uses the connections. */
export interface PostgresDialectOptions {
  /**
   * Whether the server keeps the statements of the adapter under names, one list for each connection, so that it needn't parse and plan
   * them for each call. The app's own queries are sent as before. A statement that the server has lost is sent once more without a name
   * (`DISCARD ALL`, a column that a migration has added), and a connection that keeps losing them goes on without.
   *
   * Set it to false for a pooler in transaction mode that doesn't know prepared statements (PgBouncer before 1.21, or with
   * `max_prepared_statements = 0`), and for a pool that takes queries as text only.
   *
   * @default true
   */
  readonly prepare?: boolean
}

/**
 * Kysely's PostgreSQL dialect on a pool of `pg`, in two ways better on a server. It survives the database's end: without listeners a
 * connection that breaks while it is checked out takes the whole process down, because `pg` emits an `error` that has no listener. The
 * query that was running fails all the same, and the pool replaces the connection. And the adapter's statements are prepared once for
 * each connection.
 *
 * Give the pool time limits: without them a call waits for a silent server as long as the operating system does.
 *
 * @example
 * const pool = new Pool({ connectionString, connectionTimeoutMillis: 2_000, query_timeout: 10_000, keepAlive: true })
 * const db = new Kysely<Database>({ dialect: postgresDialect(pool) })
 */
export function postgresDialect(
  pool: PostgresPool & PostgresPoolEvents,
  { prepare = true }: PostgresDialectOptions = {},
): PostgresDialect {
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  return prepare ? new PreparingDialect(pool) : new PostgresDialect({ pool })
}

/** The waiting query gets a rejected promise; the event only needs a listener. */
function ignore(): void {}
