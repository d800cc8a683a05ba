/** How long a statement waits for another process that holds the lock, in milliseconds. */
const BUSY_TIMEOUT = 5_000

/** Tries until no other process holds the lock of a file of SQLite. */
export async function untilFree<T>(attempt: () => Promise<T>): Promise<T> {
  for (const start = performance.now(); ; await pause()) {
    try {
      return await attempt()
    } catch (error) {
      if (!isBusy(error) || performance.now() - start > BUSY_TIMEOUT) throw error
    }
  }
}

/** Not a transaction whose snapshot is old: it stays so however long it waits. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && BUSY.has(error.code)
}

const BUSY: ReadonlySet<string> = new Set(['SQLITE_BUSY', 'SQLITE_BUSY_RECOVERY', 'SQLITE_BUSY_TIMEOUT'])

/** Not always the same, for others wait too. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 3))
}
