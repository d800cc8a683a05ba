import { createAgedMap } from '../internal/aged-map.ts'
import type { SessionEvent } from './event.ts'

/** Milliseconds for which changes are remembered, and after which another instance's message about one is ignored. */
const KEEP_FOR = 300_000
/** About 3 MB for each list. Beyond it the oldest are forgotten first. */
const MAX_ENTRIES = 10_000

/**
 * Whether an event is news. A message that is delivered twice, late, or again by an attacker who has kept it, must not bring claims back that
 * a later one has replaced. Compares what each engine counted and which token replaced which, because the clocks of instances differ.
 */
export type IsNews = (event: SessionEvent) => boolean

export function createIsNews(clock: () => Date): IsNews {
  const now = () => clock().getTime()
  /** The last message of each engine about each session. */
  const numbers = createRecent(now)
  /** The `jti` of tokens that another one took the place of. */
  const replaced = createRecent(now)
  return (event) => {
    // An end that arrives twice changes nothing. A row is read again, and is never old.
    if (event.type !== 'changed' || !event.identity) return true
    const { sent, sessionId, identity, replaces } = event
    if (sent) {
      const key = `${sent.from} ${sessionId}`
      const isLate = sent.number <= (numbers.get(key) ?? -1) || replaced.get(identity.token.jti) !== undefined
      if (isLate || sent.at < now() - KEEP_FOR) return false
      numbers.set(key, sent.number)
    }
    if (replaces !== undefined) replaced.set(replaces, 0)
    return true
  }
}

/** Numbers by name, each for {@link KEEP_FOR} after it was set. */
function createRecent(now: () => number) {
  const entries = createAgedMap<{ readonly value: number; readonly at: number }>()
  return {
    get: (key: string) => entries.get(key)?.value,
    set: (key: string, value: number) => {
      const moment = now()
      entries.set(key, { value, at: moment })
      entries.dropOldest(({ at }, size) => at < moment - KEEP_FOR || size > MAX_ENTRIES)
    },
  }
}
