/** A pause that can be ended, and that keeps no process alive. */
export interface Sleep {
  /** @param duration milliseconds */
  readonly start: (duration: number) => Promise<void>
  readonly end: () => void
}

export function createSleep(): Sleep {
  let wake = () => {}
  return {
    start: (duration) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, duration)
        unref(timer)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
    end: () => wake(),
  }
}

/** Lets a process end before the timer does. A timer is a number in runtimes without `unref`. */
export function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer && 'unref' in timer && typeof timer.unref === 'function') timer.unref()
}
