import { PostgresDialect, type PostgresPool } from 'kysely'

/** The part of `pg`'s `Pool` that is listened to. */
export interface PostgresPoolEvents {
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'connect', listener: (client: PostgresClientEvents) => void): unknown
}

interface PostgresClientEvents {
  on(event: 'error', listener: (error: Error) => void): unknown
}

/**
 * Kysely's PostgreSQL dialect on a pool that survives its server. Without listeners a connection that breaks while it is checked
 * out takes the whole process down: `pg` emits an `error` that has no listener. The query that was running fails all the same, and
 * the pool replaces the connection.
 *
 * Give the pool time limits: without them a call waits for a silent server as long as the operating system does.
 *
 * @example
 * const pool = new Pool({ connectionString, connectionTimeoutMillis: 2_000, query_timeout: 10_000, keepAlive: true })
 * const db = new Kysely<Database>({ dialect: postgresDialect(pool) })
 */
export function postgresDialect(pool: PostgresPool & PostgresPoolEvents): PostgresDialect {
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  return new PostgresDialect({ pool })
}

/** The waiting query gets a rejected promise; the event only needs a listener. */
function ignore(): void {}
