import { sql } from 'kysely'
import type { AnyKysely } from '../database.ts'
import { isBusy } from '../dialects/sqlite/busy.ts'
import { type Work, withoutLock } from './without-lock.ts'

/** How long one instance waits for another's migrations, in milliseconds. */
const MAX_WAIT = 60_000

/** The runs of this process, one after the other. */
let queue: Promise<unknown> = Promise.resolve()

/**
 * Runs the work in a transaction that alone may write meanwhile. A driver that waits for a lock by blocking the thread would wait
 * in vain for a holder in the same process: those stand in a queue instead.
 */
export function withSqliteLock<T>(db: AnyKysely, work: Work<T>): Promise<T> {
  const run = queue.then(() => db.connection().execute((connection) => runExclusive(connection, work)))
  queue = run.catch(() => undefined)
  return run
}

async function runExclusive<T>(connection: AnyKysely, work: Work<T>): Promise<T> {
  if (!(await begin(connection))) return withoutLock(connection, work)
  try {
    const result = await work(connection)
    await sql`commit`.execute(connection)
    return result
  } catch (error) {
    // SQLite may have rolled back by itself; what went wrong is the first error.
    await sql`rollback`.execute(connection).catch(() => undefined)
    throw error
  }
}

/**
 * @returns false if the database takes no transactions (Cloudflare D1)
 * @throws if another instance held the lock all the time
 */
async function begin(connection: AnyKysely): Promise<boolean> {
  for (const deadline = performance.now() + MAX_WAIT; ; await pause()) {
    try {
      await sql`begin immediate`.execute(connection)
      return true
    } catch (error) {
      if (!isBusy(error)) return false
      if (performance.now() > deadline) throw error
    }
  }
}

/** Lets a holder in another process go on. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20))
}
