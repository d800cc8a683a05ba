import type { Logger } from '../internal/logger.ts'

/** Whether the app's counter works. */
export interface Outage {
  /** Whether to ask it now: while it fails, one call in a second does. */
  readonly mayTry: () => boolean
  readonly begin: (cause: unknown) => void
  readonly end: () => void
}

/** Milliseconds for which a counter that failed isn't asked again. */
const PAUSE = 1_000

/** Logs the beginning and the end of an outage, once each. */
export function createOutage(logger: Logger): Outage {
  let isDown = false
  let nextTry = 0
  return {
    mayTry: () => {
      if (!isDown) return true
      const now = performance.now()
      if (now < nextTry) return false
      nextTry = now + PAUSE
      return true
    },
    begin: (cause) => {
      nextTry = performance.now() + PAUSE
      if (!isDown) logger.error('limits.counter failed: attempts are counted in this process until it works', cause)
      isDown = true
    },
    end: () => {
      if (isDown) logger.warn('limits.counter works again')
      isDown = false
    },
  }
}
