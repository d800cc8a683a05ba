import { sql } from 'kysely'
import type { AnyKysely } from '../database.ts'

/** How long one instance waits for another's migrations, in milliseconds. */
const MAX_WAIT = 60_000

/** The runs of this process, one after the other. */
let queue: Promise<unknown> = Promise.resolve()

/**
 * Runs work on one connection to SQLite that alone may write meanwhile. A driver of SQLite waits for a lock by blocking the thread,
 * and would wait in vain for a holder in the same process: those stand in a queue instead.
 */
export function inExclusiveTransaction<T>(db: AnyKysely, work: (connection: AnyKysely) => Promise<T>): Promise<T> {
  const run = queue.then(() => db.connection().execute((connection) => runExclusive(connection, work)))
  queue = run.catch(() => undefined)
  return run
}

async function runExclusive<T>(connection: AnyKysely, work: (connection: AnyKysely) => Promise<T>): Promise<T> {
  await begin(connection)
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

async function begin(connection: AnyKysely): Promise<void> {
  for (const deadline = performance.now() + MAX_WAIT; ; await pause()) {
    try {
      await sql`begin immediate`.execute(connection)
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error
    }
  }
}

/** Lets a holder in another process go on. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20))
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_BUSY')
  )
}
