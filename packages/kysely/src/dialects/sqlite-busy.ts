/** Whether another process held the lock: better-sqlite3, libsql and bun:sqlite name it, node:sqlite gives SQLite's number. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_BUSY')) return true
  return 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === SQLITE_BUSY
}

const SQLITE_BUSY = 5
