/** Holds one item, the latest: what it replaced before it was taken is dropped. */
export interface Latest<T> {
  readonly put: (item: T) => void
  /** Waits for an item and takes it. */
  readonly take: () => Promise<T>
  /** Whether one is there. */
  readonly isFull: () => boolean
}

export function createLatest<T>(): Latest<T> {
  const held: T[] = []
  let wake: (() => void) | undefined
  return {
    put: (item) => {
      held[0] = item
      wake?.()
    },
    take: async () => {
      while (held.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      return held.pop() as T // the loop ends only if there is one
    },
    isFull: () => held.length > 0,
  }
}
