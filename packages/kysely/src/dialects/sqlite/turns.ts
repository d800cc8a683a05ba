/** Who may use the one connection: one after the other, in the order in which they asked. */
export interface Turns {
  /** Undefined if the turn is free, and taken at once. */
  readonly take: () => Promise<void> | undefined
  readonly giveBack: () => void
}

export function createTurns(): Turns {
  const waiting: (() => void)[] = []
  let isTaken = false
  return {
    take: () => {
      // `giveBack` hands the turn on without freeing it.
      if (isTaken) return new Promise<void>((resolve) => waiting.push(resolve))
      isTaken = true
      return undefined
    },
    giveBack: () => {
      const next = waiting.shift()
      if (next) next()
      else isTaken = false
    },
  }
}
