import { sql } from 'kysely'
import type { AnyKysely } from '../database.ts'
import type { DialectName } from '../dialect.ts'
import { withSqliteLock } from './lock-sqlite.ts'
import { type Work, withoutLock } from './without-lock.ts'

/** Runs the work under a lock that all instances share; without one if this database or its driver has none. */
export function withLock<T>(db: AnyKysely, dialect: DialectName, work: Work<T>): Promise<T> {
  if (dialect === 'postgres') return withPostgresLock(db, work)
  return dialect === 'mysql' ? withMysqlLock(db, work) : withSqliteLock(db, work)
}

/** How long one instance waits for another's migrations, in seconds. */
const MAX_WAIT = 60

/** The lock ends with its transaction, also through a pooler that gives each transaction another connection. */
async function withPostgresLock<T>(db: AnyKysely, work: Work<T>): Promise<T> {
  let isLocked = false
  try {
    return await db.transaction().execute(async (transaction) => {
      await sql`set local lock_timeout = ${sql.lit(`${MAX_WAIT}s`)}`.execute(transaction)
      await sql`select pg_advisory_xact_lock(${sql.lit(POSTGRES_LOCK)})`.execute(transaction)
      isLocked = true
      return work(transaction)
    })
  } catch (error) {
    if (isLocked) throw error
    return withoutLock(db, work)
  }
}

/** Any number will do that others hardly use: it names the lock within one database. */
const POSTGRES_LOCK = 5_283_104_477

/** MySQL's DDL ends every transaction: the lock belongs to the connection. */
function withMysqlLock<T>(db: AnyKysely, work: Work<T>): Promise<T> {
  return db.connection().execute(async (connection) => {
    if (!(await takeMysqlLock(connection))) return withoutLock(connection, work)
    try {
      return await work(connection)
    } finally {
      await sql`do release_lock(${MYSQL_LOCK})`.execute(connection)
    }
  })
}

/** Names of locks are the server's: each database needs its own, of at most 64 letters. */
const MYSQL_LOCK = sql`concat('latchkey_', md5(coalesce(database(), '')))`

/**
 * @returns false if the server knows no such locks
 * @throws if another instance held it all the time
 */
async function takeMysqlLock(connection: AnyKysely): Promise<boolean> {
  const take = sql<{ taken: number | string | null }>`select get_lock(${MYSQL_LOCK}, ${sql.lit(MAX_WAIT)}) as taken`
  const answer = await take.execute(connection).catch(() => null)
  if (!answer) return false
  if (Number(answer.rows[0]?.taken) === 1) return true
  throw new Error(`another instance has been migrating for ${MAX_WAIT} seconds`)
}
