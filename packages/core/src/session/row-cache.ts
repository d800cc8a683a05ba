import type { AdapterUser, StoredSession } from '../store/adapter.ts'
import type { Hub } from '../bus/hub.ts'
import type { RowCacheSettings } from '../config/settings.ts'
import { createAgedMap } from '../internal/aged-map.ts'
import { freeze } from './opened.ts'
import type { Revocations } from './revocations.ts'

/** A session's row with its user's. */
export interface SessionRow {
  readonly session: StoredSession
  readonly user: AdapterUser
}

/** When a row was asked for, so that a row which has changed meanwhile isn't kept. */
export interface Asked {
  readonly at: number
  readonly changes: number
}

/**
 * Rows that were read a short while ago, by the hash that found them. The caller must check the row's times
 * as if it had just been read. Holds no misses and nothing that was refused.
 */
export interface RowCache {
  readonly get: (sessionToken: string) => SessionRow | undefined
  /** To be called before the store is asked. */
  readonly ask: () => Asked
  readonly keep: (sessionToken: string, found: SessionRow, asked: Asked) => void
  readonly forget: (sessionId: string) => void
}

/** What this instance ends or changes, and what the bus delivers from others, is forgotten at once; anything else within `maxAge`. */
export function createRowCache(
  { maxAge, maxEntries }: RowCacheSettings,
  hub: Hub,
  revocations: Revocations,
  clock: () => Date,
): RowCache {
  const rows = createAgedMap<Entry>()
  const tokens = new Map<string, string>()
  let changes = 0
  const drop = (sessionToken: string, sessionId: string) => {
    rows.delete(sessionToken)
    tokens.delete(sessionId)
  }
  const forget = (sessionId: string) => {
    changes++
    const sessionToken = tokens.get(sessionId)
    if (sessionToken !== undefined) drop(sessionToken, sessionId)
  }
  hub.subscribe((event) => {
    if (event.type === 'changed') forget(event.sessionId)
    else event.sessionIds.forEach(forget)
  })
  return {
    get: (sessionToken) => {
      const row = rows.get(sessionToken)
      if (!row) return undefined
      const age = clock().getTime() - row.readAt
      // What was read before a gap in what the bus delivers is read again.
      const isFresh =
        age >= 0 && age < maxAge && !revocations.has(row.session.id) && revocations.isCompleteSince(row.readAt)
      if (isFresh) return { session: row.session, user: copyUser(row) }
      drop(sessionToken, row.session.id)
      return undefined
    },
    ask: () => ({ at: clock().getTime(), changes }),
    keep: (sessionToken, { session, user }, asked) => {
      if (asked.changes !== changes) return
      drop(sessionToken, session.id)
      rows.set(sessionToken, toEntry(session, user, asked.at))
      tokens.set(session.id, sessionToken)
      // They are in the order in which they were read: the first would be forgotten next anyway.
      rows.dropOldest((row, size) => {
        if (size <= maxEntries) return false
        tokens.delete(row.session.id)
        return true
      })
    },
    forget,
  }
}

interface Entry extends SessionRow {
  readonly readAt: number
  /** The user's columns that hold a Date, which can't be frozen. */
  readonly dates: readonly string[]
}

function toEntry(session: StoredSession, user: AdapterUser, readAt: number): Entry {
  const dates = Object.keys(user).filter((column) => user[column] instanceof Date)
  freeze(session.claims)
  for (const column of Object.values(user)) freeze(column)
  return { session, user: copyUser({ user, dates }), readAt, dates }
}

/** Callbacks are handed the user: what they write into it must not meet the next request. */
function copyUser({ user, dates }: Pick<Entry, 'user' | 'dates'>): AdapterUser {
  const copy: Record<string, unknown> & AdapterUser = { ...user }
  for (const column of dates) {
    const value = copy[column]
    if (value instanceof Date) copy[column] = new Date(value)
  }
  return copy
}
