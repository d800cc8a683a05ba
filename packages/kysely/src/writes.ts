import { type Compilable, type Expression, type QueryResult, type RawBuilder, type SqlBool, sql } from 'kysely'
import { databaseTime } from './clock/database-time.ts'
import type { DialectName } from './dialect.ts'
import { type Param, prepare } from './prepare.ts'
import type { Store } from './store.ts'

/** What is put into a write so that the database refuses it after its deadline. */
export interface InTime {
  /** A condition of the write: bounds how long it waits for a row that another transaction holds. */
  readonly condition: RawBuilder<SqlBool>
  /** A column that a write of PostgreSQL returns: it fails after the deadline, and the write with it. */
  readonly returned: RawBuilder<number>
}

/**
 * A write that the database itself refuses once its deadline has passed, however long it lay in a queue before: waiting for a
 * connection, for a lock or for a server that stood still. Its caller has given up by then, and must be able to rely on it.
 *
 * @returns a function that says whether the write found its row
 */
export function prepareWrite<TParams extends object>(
  store: Store,
  build: (param: Param<TParams>, inTime: InTime) => Compilable<unknown>,
): (params: TParams) => Promise<boolean> {
  const { db, dialect, clock, writeTimeout } = store
  const run = prepare(db, (param: Param<TParams & { deadline: number }>) =>
    build(param as Param<TParams>, inTime(dialect, sql`${param('deadline')}`)),
  )
  return async (params) => {
    const deadline = (await clock.timeAt(performance.now())) + writeTimeout
    try {
      return hasWritten(dialect, await run({ ...params, deadline }))
    } catch (cause) {
      if (!isTooLate(cause)) throw cause
      clock.forget()
      throw new Error(`a write came later than its deadline of ${writeTimeout} ms, and changed nothing`, { cause })
    }
  }
}

/** PostgreSQL evaluates what is returned after it has waited for the row; MySQL and SQLite evaluate the conditions then. */
function inTime(dialect: DialectName, deadline: Expression<unknown>): InTime {
  const time = databaseTime(dialect)
  switch (dialect) {
    case 'postgres': {
      // The setting ends with the transaction, which is this statement.
      const wait = sql`set_config('lock_timeout', greatest(1, ${deadline} - ${time})::int::text, true)`
      return {
        condition: sql`${wait} is not null`,
        returned: sql`cast(case when ${wait} is not null and ${time} < ${deadline} then '1' else ${sql.lit(TOO_LATE)} end as int)`,
      }
    }
    case 'mysql':
      // One more than the largest number is an error in every mode of SQL.
      return { condition: sql`(~0 + (${time} >= ${deadline}))`, returned: sql`1` }
    case 'sqlite':
      // There is no absolute value of the smallest number.
      return { condition: sql`(abs(-9223372036854775807 - (${time} >= ${deadline})) > 0)`, returned: sql`1` }
  }
}

const TOO_LATE = 'the deadline of this write has passed'
/** MySQL's number of "value is out of range". */
const ER_DATA_OUT_OF_RANGE = 1690

function isTooLate(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('errno' in error && error.errno === ER_DATA_OUT_OF_RANGE) return true
  return error.message.includes(TOO_LATE) || error.message.includes('integer overflow')
}

/**
 * Whether a write found a row that fits its condition. PostgreSQL says so by what it returns, whatever a driver counts.
 *
 * @throws TypeError if a driver of MySQL counts nothing
 */
export function hasWritten(dialect: DialectName, { rows, numAffectedRows }: QueryResult<unknown>): boolean {
  if (dialect === 'postgres') return rows.length > 0
  // Cloudflare D1's driver has no count if it is zero.
  return (dialect === 'sqlite' ? (numAffectedRows ?? 0n) : countAffected(numAffectedRows)) > 0
}

/** @throws TypeError without a count */
export function countAffected(numAffectedRows: bigint | undefined): number {
  if (numAffectedRows !== undefined) return Number(numAffectedRows)
  throw new TypeError(
    'db: this driver reports no affected rows (numAffectedRows), by which it is known whether a write found its row; use mysqlDialect(pool) or sqliteDialect(database)',
  )
}
