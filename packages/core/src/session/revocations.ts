import { isSessionAdapter } from '../store/adapter.ts'
import type { Engine } from '../config/engine.ts'
import type { Hub } from '../bus/hub.ts'
import { type AgedMap, createAgedMap } from '../internal/aged-map.ts'
import { MAX_SKEW } from '../token/claims.ts'

/**
 * The sessions that ended a short while ago, in this process's memory. A credential that is taken without asking the store is checked
 * against this list, so it remembers an id for as long as such a credential may last (docs/sessions.md).
 */
export interface Revocations {
  readonly add: (sessionIds: readonly string[]) => void
  readonly has: (sessionId: string) => boolean
  /**
   * Whether the list has every end since this moment (milliseconds since the epoch, by this instance's clock). If not, what was good then may
   * have ended unheard: its row decides. Without rows there is nothing to ask, and the list is all there is.
   */
  readonly isCompleteSince: (moment: number) => boolean
}

/** About 110 MB of UUIDs. Beyond it the oldest are forgotten first, and what is older than those is checked against its row. */
const MAX_REVOCATIONS = 1_000_000

/** Publishes every end on the bus, and remembers those that the bus delivers. */
export function createRevocations(engine: Engine, hub: Hub, maxEntries: number = MAX_REVOCATIONS): Revocations {
  const { clock } = engine.settings
  const { coverage } = hub
  const hasRows = isSessionAdapter(engine.adapter)
  const keepFor = readKeepFor(engine)
  const revokedAt = createAgedMap<number>()
  const remember = (sessionIds: readonly string[]) => {
    const now = clock().getTime()
    for (const id of sessionIds) revokedAt.set(id, now)
    const forgotten = dropOldest(revokedAt, now - keepFor, maxEntries)
    if (forgotten !== undefined) coverage.forgetUntil(forgotten)
  }
  hub.subscribe((event) => {
    if (event.type !== 'revoked') return
    if (!event.sent) remember(event.sessionIds)
    // A repeated or very late end must not take the place of a newer one.
    else if (event.sent.at >= clock().getTime() - keepFor) remember(event.sessionIds.filter((id) => !revokedAt.has(id)))
  })
  return {
    add: (sessionIds) => {
      if (sessionIds.length > 0) hub.publish({ type: 'revoked', sessionIds: [...sessionIds] })
    },
    has: (sessionId) => revokedAt.has(sessionId),
    isCompleteSince: (moment) => !hasRows || coverage.reaches(moment),
  }
}

/** @returns when the latest of those came that would still matter */
function dropOldest(revokedAt: AgedMap<number>, limit: number, maxEntries: number): number | undefined {
  let forgotten: number | undefined
  revokedAt.dropOldest((at, size) => {
    if (at >= limit && size <= maxEntries) return false
    if (at >= limit) forgotten = at
    return true
  })
  return forgotten
}

/** Milliseconds for which a credential of a session that has just ended could still be taken without asking the store. */
function readKeepFor({ settings, adapter }: Engine): number {
  const { strategy, maxAge, absoluteMaxAge, revalidateAge, rowCache, tokens } = settings
  const hasRows = isSessionAdapter(adapter)
  const byStrategy = hasRows ? revalidateAge : Math.min(maxAge, absoluteMaxAge)
  const cookie = strategy === 'database' ? Math.max(rowCache?.maxAge ?? 0, revalidateAge) : byStrategy
  const refresh = tokens && !hasRows ? Math.min(tokens.refreshTokenMaxAge, tokens.familyMaxAge) : 0
  return Math.max(cookie, tokens?.accessTokenMaxAge ?? 0, refresh) + MAX_SKEW * 1_000
}
