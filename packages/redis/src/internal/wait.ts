/** Milliseconds of a clock that nobody sets. */
export const monotonic = (): number => performance.now()

/** A pause that can be ended early. */
export interface Pause {
  readonly isOver: Promise<void>
  readonly end: () => void
}

export function startPause(ms: number): Pause {
  let end = () => {}
  const isOver = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    end = () => {
      clearTimeout(timer)
      resolve()
    }
  })
  return { isOver, end }
}

/**
 * Waits for a promise no longer than this.
 *
 * @param limit milliseconds
 * @throws Error if it is still pending then; whatever it rejects with
 */
export async function within<T>(promise: Promise<T>, limit: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limit} ms`)), limit)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
