import type { Limit } from '../contract/limits.ts'
import { AuthError } from '../errors.ts'

interface Counter {
  count: number
  /** Milliseconds since the epoch. */
  readonly endsAt: number
}

/** Counts attempts per key within a fixed window, in the memory of this process. */
export interface AttemptCounter {
  /**
   * Counts an attempt at once, before its outcome is known, so that a hundred at the same time count as a hundred.
   *
   * @returns a function that takes it back: it ended neither as a guess nor as a success
   * @throws AuthError `RateLimited` with `retryAfter`
   */
  readonly begin: (key: string, now: number) => () => void
  readonly clear: (key: string) => void
}

/**
 * How many keys are remembered: with a digest for a key that is 20 MB at most. Beyond it the ones with the fewest failures go first, so that a
 * flood of new names frees no name that is being guessed.
 */
const MAX_KEYS = 100_000

export function createAttemptCounter(limit: Limit, maxKeys: number = MAX_KEYS): AttemptCounter {
  const counters = new Map<string, Counter>()
  const makeRoom = createEviction(counters)
  const find = (key: string, now: number) => {
    const known = counters.get(key)
    if (known && known.endsAt > now) return known
    counters.delete(key)
    if (counters.size >= maxKeys) makeRoom(now)
    const fresh = { count: 0, endsAt: now + limit.window }
    counters.set(key, fresh)
    return fresh
  }
  return {
    begin: (key, now) => {
      const counter = find(key, now)
      if (counter.count >= limit.max) {
        throw new AuthError('RateLimited', { retryAfter: Math.ceil((counter.endsAt - now) / 1_000) })
      }
      counter.count++
      // From this very counter: by then another window may have begun.
      return () => void counter.count--
    },
    clear: (key) => void counters.delete(key),
  }
}

/** How many are looked at for one to drop: bounded work per attempt. */
const LOOK_AT = 64

/**
 * Scans the next {@link LOOK_AT} counters, round and round. Drops those that have ended, else the one with the fewest failures. It goes on where
 * it stopped: beginning at the oldest every time would first step over all entries that were dropped there.
 */
function createEviction(counters: Map<string, Counter>): (now: number) => void {
  let position = counters.entries()
  return (now) => {
    const { size } = counters
    let victim: string | undefined
    let lowest = Infinity
    for (let seen = 0; seen < LOOK_AT; seen++) {
      const step = position.next()
      if (step.done) {
        position = counters.entries()
        continue
      }
      const [key, { count, endsAt }] = step.value
      if (endsAt <= now) counters.delete(key)
      else if (count < lowest) [victim, lowest] = [key, count]
    }
    if (victim !== undefined && counters.size === size) counters.delete(victim)
  }
}
