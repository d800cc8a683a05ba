/** Flows that have come back, in this process: for apps that keep no tables. */
export interface Seen {
  /** False if it was added before, and hasn't expired. */
  readonly add: (digest: string, expires: Date) => boolean
}

/** Beyond it the oldest are forgotten: the provider, too, takes a code only once. */
const MAX_SIZE = 10_000

export function createSeen(clock: () => Date): Seen {
  const entries = new Map<string, number>()
  return {
    add: (digest, expires) => {
      const until = entries.get(digest)
      if (until !== undefined && until > clock().getTime()) return false
      entries.set(digest, expires.getTime())
      // A map is in the order in which its entries were made.
      for (const [oldest, ends] of entries) {
        if (entries.size <= MAX_SIZE && ends > clock().getTime()) break
        entries.delete(oldest)
      }
      return true
    },
  }
}
