/** One timeout at a time. */
export interface Timer {
  /** Runs after this many milliseconds. Replaces what was started before. */
  readonly start: (ms: number) => void
  readonly stop: () => void
}

/** A timeout may come a little early, and must not spin. Milliseconds. */
const MIN_WAIT = 10
/** A longer wait than 2^31 - 1 milliseconds overflows `setTimeout`, which then fires at once. */
const MAX_WAIT = 2_147_483_647

export function createTimer(run: () => void): Timer {
  let timeout: ReturnType<typeof setTimeout> | undefined
  const stop = () => clearTimeout(timeout)
  return {
    start: (ms) => {
      stop()
      timeout = setTimeout(run, Math.min(Math.max(ms, MIN_WAIT), MAX_WAIT))
    },
    stop,
  }
}
