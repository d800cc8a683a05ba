/** Counts what other tabs say, and waits for more of it. */
export interface News {
  readonly count: () => number
  readonly arrived: () => void
  /** Resolves once more has arrived than `count`, or after `patience` milliseconds. */
  readonly since: (count: number, patience: number) => Promise<void>
}

export function createNews(): News {
  let count = 0
  let wake: (() => void) | undefined
  return {
    count: () => count,
    arrived: () => {
      count++
      wake?.()
    },
    since: (seen, patience) =>
      new Promise((resolve) => {
        if (count > seen) return resolve()
        const timer = setTimeout(resolve, patience)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
  }
}
