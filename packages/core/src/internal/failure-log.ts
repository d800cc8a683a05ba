import { isAuthError } from '../errors.ts'

/** Logs failures of the server: not what a client did wrong, and the same error only once, though engine and face both see it. */
export function createFailureLog(logger: {
  readonly error: (message: string, cause?: unknown) => void
}): (error: unknown) => void {
  const logged = new WeakSet<object>()
  return (error) => {
    if (isAuthError(error) && error.status < 500) return
    if (typeof error === 'object' && error !== null) {
      if (logged.has(error)) return
      logged.add(error)
    }
    logger.error(
      `auth failed: ${error instanceof Error ? error.message : 'something else than an error was thrown'}`,
      error,
    )
  }
}
