import { type DatabaseConnection, CompiledQuery, MysqlDialect, type MysqlPool } from 'kysely'

/**
 * Kysely's dialect for MySQL 8.0.23 or later and MariaDB 10.3 or later, on a pool of `mysql2`, with two settings on each
 * connection. `mysql2` writes values into the statement and escapes them with backslashes, so a server that doesn't read those
 * (`NO_BACKSLASH_ESCAPES`) would run what a value says. And without `STRICT_TRANS_TABLES` a name that is too long is cut, into
 * what may be another's.
 *
 * @example
 * const db = new Kysely<Database>({ dialect: mysqlDialect(createPool({ uri, connectTimeout: 2_000 })) })
 */
export function mysqlDialect(pool: MysqlPool): MysqlDialect {
  return new MysqlDialect({ pool, onCreateConnection: makeStrict })
}

async function makeStrict(connection: DatabaseConnection): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(STRICT))
}

const STRICT = `set session sql_mode = concat(replace(@@session.sql_mode, 'NO_BACKSLASH_ESCAPES', ''), ',STRICT_TRANS_TABLES')`
