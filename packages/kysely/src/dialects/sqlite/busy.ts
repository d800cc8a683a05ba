/**
 * Whether another process held the lock, so that trying again helps: better-sqlite3, libsql and bun:sqlite name it, node:sqlite
 * gives SQLite's number. A transaction whose snapshot is old stays so however long it waits.
 */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && NAMES.has(error.code)) return true
  return 'errcode' in error && typeof error.errcode === 'number' && NUMBERS.has(error.errcode)
}

const NAMES: ReadonlySet<string> = new Set(['SQLITE_BUSY', 'SQLITE_BUSY_RECOVERY', 'SQLITE_BUSY_TIMEOUT'])
const NUMBERS: ReadonlySet<number> = new Set([5, 261, 773])
