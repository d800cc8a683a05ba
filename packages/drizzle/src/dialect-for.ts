import { sqliteDialect, type SqliteDatabase } from '@latchkey/kysely'
import type { Dialect } from 'kysely'
import { d1Dialect, type D1Client } from './dialects/d1.ts'
import { libsqlClientDialect, type LibsqlClient } from './dialects/libsql-client.ts'
import { mysql2Dialect, readMysql2Client } from './dialects/mysql2.ts'
import { neonHttpDialect, type NeonHttpClient } from './dialects/neon-http.ts'
import { pgDialect, type PgClient } from './dialects/pg.ts'
import { postgresJsDialect, type PostgresJsClient } from './dialects/postgres-js.ts'
import { hasMethods, type Shape, toShape } from './shape.ts'

/** How the connections are used. */
export interface ConnectionOptions {
  /**
   * With `pg`: whether the server keeps the adapter's statements under names. False for a pooler that knows no prepared statements
   * (PgBouncer before 1.21 in transaction mode). With `postgres` its own option `prepare` says so.
   *
   * @default true
   */
  readonly prepare?: boolean
}

/**
 * The dialect for a client that Drizzle holds. It is recognised by its methods: `instanceof` fails for a second copy of a driver, and would
 * make every driver a dependency.
 *
 * @throws TypeError if none of the drivers has such a client
 */
export function dialectFor(client: unknown, options: ConnectionOptions = {}): Dialect {
  const shape = toShape(client)
  const driver = shape && DRIVERS.find(({ isClient }) => isClient(shape))
  if (!driver) throw new TypeError(UNKNOWN)
  return driver.open(client, options)
}

interface SupportedDriver {
  /** Whether a client is one of this driver's: no other's fits. */
  readonly isClient: (shape: Shape) => boolean
  /** Takes only what {@link isClient} says yes to. */
  readonly open: (client: unknown, options: ConnectionOptions) => Dialect
}

const DRIVERS: readonly SupportedDriver[] = [
  {
    isClient: (shape) => typeof shape === 'function' && hasMethods(shape, 'unsafe', 'begin'),
    open: (client) => postgresJsDialect(client as PostgresJsClient),
  },
  {
    // Before version 1 the function itself took text.
    isClient: (shape) => typeof shape === 'function' && hasMethods(shape, 'transaction'),
    open: (client) => neonHttpDialect(client as NeonHttpClient),
  },
  {
    isClient: (shape) => readMysql2Client(shape) !== null,
    open: (client) => mysql2Dialect(client),
  },
  {
    isClient: (shape) => hasMethods(shape, 'connect', 'query', 'end', 'on'),
    open: (client, options) => pgDialect(client as PgClient, options),
  },
  {
    isClient: (shape) => hasMethods(shape, 'execute', 'batch', 'transaction') && typeof shape['protocol'] === 'string',
    open: (client) => libsqlClientDialect(client as LibsqlClient),
  },
  {
    isClient: (shape) => hasMethods(shape, 'prepare', 'batch') && !hasMethods(shape, 'close'),
    open: (client) => d1Dialect(client as D1Client),
  },
  {
    isClient: (shape) => hasMethods(shape, 'prepare', 'close'),
    open: (client) => sqliteDialect(client as SqliteDatabase),
  },
]

const UNKNOWN =
  'db: this is no Drizzle database with a driver that is supported (a transaction is none either); use drizzle-orm with pg, postgres, ' +
  'Neon, mysql2, better-sqlite3, libsql, bun:sqlite, @libsql/client or Cloudflare D1'
