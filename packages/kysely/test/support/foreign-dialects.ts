import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  type QueryResult,
  SqliteDialect,
} from 'kysely'
import Database from 'libsql'
import { createPool } from 'mysql2'
import { Pool } from 'pg'
import { mysqlDialect, postgresDialect } from '../../src/index.ts'
import type { Db } from './database.ts'

/** Like `kysely-d1`: SQLite over HTTP that refuses `begin`, and counts no rows if none was changed. */
export function openLikeD1(file: string): Db {
  const { createDriver, ...dialect } = parts(new SqliteDialect({ database: new Database(file) }))
  const withoutZero = ({ rows, numAffectedRows }: QueryResult<unknown>) =>
    numAffectedRows ? { rows, numAffectedRows } : { rows }
  return new Kysely({
    dialect: { ...dialect, createDriver: () => refuseTransactions(changeResults(createDriver(), withoutZero)) },
  })
}

/** Like `kysely-neon`: PostgreSQL over HTTP, each statement by itself. */
export function openLikeNeon(url: string): Db {
  const { createDriver, ...dialect } = parts(postgresDialect(new Pool({ connectionString: url })))
  return new Kysely({
    dialect: {
      ...dialect,
      createAdapter: () => new NeonAdapter(),
      createDriver: () => refuseTransactions(createDriver()),
    },
  })
}

/** Like PlanetScale's over HTTP: MySQL, each statement by itself. */
export function openLikePlanetScale(url: string): Db {
  const { createDriver, ...dialect } = parts(mysqlDialect(createPool(url)))
  return new Kysely({ dialect: { ...dialect, createDriver: () => refuseTransactions(createDriver()) } })
}

class NeonAdapter extends PostgresAdapter {
  override get supportsTransactionalDdl(): boolean {
    return false
  }
}

/** Like `kysely-pglite`, whatever the database: no statement reports how many rows it changed. */
export function openWithoutCounts(inner: Dialect): Db {
  const { createDriver, ...dialect } = parts(inner)
  return new Kysely({
    dialect: { ...dialect, createDriver: () => changeResults(createDriver(), ({ rows }) => ({ rows })) },
  })
}

function parts(dialect: Dialect): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => dialect.createDriver(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  }
}

type Execute = DatabaseConnection['executeQuery']

function changeResults(driver: Driver, change: (result: QueryResult<unknown>) => QueryResult<unknown>): Driver {
  return wrapExecute(
    driver,
    (execute) =>
      async <R>(...query: Parameters<Execute>) =>
        change(await execute<R>(...query)) as QueryResult<R>, // its rows are the same
  )
}

function refuseTransactions(driver: Driver): Driver {
  const refuse = async () => {
    throw new Error('transactions are not supported')
  }
  driver.beginTransaction = refuse
  return wrapExecute(driver, (execute) => (query, ...rest) => {
    return /^(?:begin|commit|rollback)\b/.test(query.sql) ? refuse() : execute(query, ...rest)
  })
}

/** Changes how each connection runs a query, once. */
function wrapExecute(driver: Driver, wrap: (execute: Execute) => Execute): Driver {
  const acquire = driver.acquireConnection.bind(driver)
  const wrapped = new WeakSet<DatabaseConnection>()
  driver.acquireConnection = async (...options) => {
    const connection = await acquire(...options)
    if (!wrapped.has(connection)) connection.executeQuery = wrap(connection.executeQuery.bind(connection))
    wrapped.add(connection)
    return connection
  }
  return driver
}
