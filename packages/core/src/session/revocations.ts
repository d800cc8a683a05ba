/**
 * The sessions that ended a short while ago, in this process's memory. A jwt cookie younger than `revalidateAge` is checked against
 * nothing but this; an older one against its row. So it needs to remember no longer than that (decision 5 of docs/architecture.md).
 */
export interface Revocations {
  readonly add: (sessionIds: readonly string[], now: Date) => void
  readonly has: (sessionId: string) => boolean
}

/** @param keepFor milliseconds */
export function createRevocations(keepFor: number): Revocations {
  const revokedAt = new Map<string, number>()
  return {
    add: (sessionIds, now) => {
      dropOlderThan(revokedAt, now.getTime() - keepFor)
      for (const id of sessionIds) revokedAt.set(id, now.getTime())
    },
    has: (sessionId) => revokedAt.has(sessionId),
  }
}

/** A Map keeps the order of insertion, which is the order of time here. */
function dropOlderThan(revokedAt: Map<string, number>, limit: number): void {
  for (const [id, at] of revokedAt) {
    if (at >= limit) return
    revokedAt.delete(id)
  }
}
