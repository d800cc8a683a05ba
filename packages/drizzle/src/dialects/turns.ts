/** One after the other, in the order in which they asked. */
export interface Turns {
  readonly take: () => Promise<void>
  readonly giveBack: () => void
}

export function createTurns(): Turns {
  const waiting: (() => void)[] = []
  let isTaken = false
  return {
    take: async () => {
      if (isTaken) await new Promise<void>((resolve) => waiting.push(resolve))
      isTaken = true
    },
    giveBack: () => {
      const next = waiting.shift()
      if (next) next()
      else isTaken = false
    },
  }
}
