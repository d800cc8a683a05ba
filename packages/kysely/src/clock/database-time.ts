import { type RawBuilder, sql } from 'kysely'
import type { DialectName } from '../dialect.ts'

/**
 * The database's time at the moment when it evaluates this, in milliseconds since 1970 with fractions. Not the time when the
 * statement began: it may have waited for a lock since.
 */
export function databaseTime(dialect: DialectName): RawBuilder<number> {
  return TIMES[dialect]
}

const TIMES: Readonly<Record<DialectName, RawBuilder<number>>> = {
  postgres: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8`,
  // SYSDATE moves on while a statement runs, but only in the time zone of the connection: NOW and UTC_TIMESTAMP stand still.
  mysql: sql<number>`((timestampdiff(microsecond, timestamp'1970-01-01 00:00:00', utc_timestamp(6)) + timestampdiff(microsecond, now(6), sysdate(6))) / 1000)`,
  sqlite: sql<number>`((julianday('now') - 2440587.5) * 86400000.0)`,
}
