import { Kysely } from 'kysely'
import Database from 'libsql'
import { createPool } from 'mysql2'
import pg from 'pg'
import { pathToFileURL } from 'node:url'

/** Connects as an instance of an app would: the arguments are the package's entry, the dialect and the address. */
export async function connect([entry, dialect, url]) {
  const { sqliteDialect, postgresDialect, mysqlDialect, ...latchkey } = await import(pathToFileURL(entry).href)
  const { migrateToLatest } = await import(new URL('migrate.js', pathToFileURL(entry)).href)
  const dialects = {
    sqlite: () => sqliteDialect(new Database(url)),
    postgres: () => postgresDialect(new pg.Pool({ connectionString: url })),
    mysql: () => mysqlDialect(createPool(url)),
  }
  return { ...latchkey, migrateToLatest, db: new Kysely({ dialect: dialects[dialect]() }) }
}
