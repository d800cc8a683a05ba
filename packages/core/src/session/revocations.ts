import type { SessionBus } from '../live/bus.ts'

/**
 * The sessions that ended a short while ago, in this process's memory. A jwt cookie younger than `revalidateAge` is checked against
 * nothing but this; an older one against its row. So it needs to remember no longer than that (docs/sessions.md).
 */
export interface Revocations {
  readonly add: (sessionIds: readonly string[]) => void
  readonly has: (sessionId: string) => boolean
}

/**
 * Tells the bus of every end, and remembers what the bus tells, this instance's own included.
 *
 * @param keepFor milliseconds
 */
export function createRevocations(keepFor: number, bus: SessionBus, clock: () => Date): Revocations {
  const revokedAt = new Map<string, number>()
  const remember = (sessionIds: readonly string[]) => {
    const now = clock().getTime()
    dropOlderThan(revokedAt, now - keepFor)
    for (const id of sessionIds) revokedAt.set(id, now)
  }
  bus.subscribe((event) => event.type === 'revoked' && remember(event.sessionIds))
  return {
    add: (sessionIds) => {
      // Here first and in any case: a bus that is cut off must not keep an ended session alive in this instance.
      remember(sessionIds)
      if (sessionIds.length > 0) bus.publish({ type: 'revoked', sessionIds })
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
