import { AuthError } from '../errors.ts'

export interface Limit {
  readonly max: number
  /** Milliseconds. */
  readonly window: number
}

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
   * @throws AuthError `RateLimited` with `retryAfter`
   */
  readonly begin: (key: string, now: number) => void
  /** Takes one attempt back: it ended neither as a guess nor as a success. */
  readonly takeBack: (key: string) => void
  readonly clear: (key: string) => void
}

/** How many keys are remembered. Beyond it those go first that have failed least, so that a flood of new names frees no guessed one. */
const MAX_KEYS = 100_000

export function createAttemptCounter(limit: Limit, maxKeys: number = MAX_KEYS): AttemptCounter {
  const counters = new Map<string, Counter>()
  return {
    begin: (key, now) => {
      const counter = counters.get(key)
      if (!counter || counter.endsAt <= now) {
        counters.delete(key)
        if (counters.size >= maxKeys) makeRoom(counters, now)
        counters.set(key, { count: 1, endsAt: now + limit.window })
        return
      }
      if (counter.count >= limit.max) {
        throw new AuthError('RateLimited', { retryAfter: Math.ceil((counter.endsAt - now) / 1_000) })
      }
      counter.count++
    },
    takeBack: (key) => {
      const counter = counters.get(key)
      if (counter) counter.count--
    },
    clear: (key) => void counters.delete(key),
  }
}

/** How many of the oldest are looked at for one to drop: bounded work per attempt. */
const LOOK_AT = 64

function makeRoom(counters: Map<string, Counter>, now: number): void {
  let victim: string | undefined
  let lowest = Infinity
  let seen = 0
  for (const [key, { count, endsAt }] of counters) {
    if (endsAt <= now) counters.delete(key)
    else if (count < lowest) [victim, lowest] = [key, count]
    if (++seen >= LOOK_AT) break
  }
  // Whatever had ended is gone already; one more makes room in any case.
  if (victim !== undefined) counters.delete(victim)
}
