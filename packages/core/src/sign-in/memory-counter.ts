import type { AttemptCounter, AttemptRule, RefusedAttempt } from '../contract/limits.ts'

interface Window {
  count: number
  /** Milliseconds since the epoch. */
  readonly endsAt: number
}

/** An {@link AttemptCounter} whose work is done at once. */
export interface MemoryCounter extends AttemptCounter {
  readonly consume: (key: string, rule: AttemptRule, now: Date) => MemoryAttempt
}

export type MemoryAttempt =
  { readonly allowed: true; readonly undo: () => void; readonly clear: () => void } | RefusedAttempt

/**
 * How many keys are remembered: with a digest for a key that is 20 MB at most. Beyond it the ones with the fewest failures go first, so that a
 * flood of new names doesn't reset the count of a name that is being guessed.
 */
const MAX_KEYS = 100_000

/** Counts in the memory of this process. A key's window begins with its first attempt. */
export function createMemoryCounter(maxKeys: number = MAX_KEYS): MemoryCounter {
  const windows = new Map<string, Window>()
  const makeRoom = createEviction(windows)
  const find = (key: string, length: number, now: number) => {
    const known = windows.get(key)
    if (known && known.endsAt > now) return known
    windows.delete(key)
    if (windows.size >= maxKeys) makeRoom(now)
    const fresh = { count: 0, endsAt: now + length }
    windows.set(key, fresh)
    return fresh
  }
  return {
    consume: (key, rule, at) => {
      const now = at.getTime()
      const window = find(key, rule.window, now)
      if (window.count >= rule.limit) return { allowed: false, retryAfter: Math.ceil((window.endsAt - now) / 1_000) }
      window.count++
      return {
        allowed: true,
        // From this very window: by then another may have begun.
        undo: () => void window.count--,
        clear: () => void windows.delete(key),
      }
    },
  }
}

/** How many are looked at for one to drop: bounded work per attempt. */
const LOOK_AT = 64

/**
 * Scans the next {@link LOOK_AT} windows. Evicts those that have ended, else the one with the fewest failures. The next scan continues where
 * this one stopped: starting at the oldest every time would step over all entries that were evicted there.
 */
function createEviction(windows: Map<string, Window>): (now: number) => void {
  let position = windows.entries()
  return (now) => {
    const { size } = windows
    let victim: string | undefined
    let lowest = Infinity
    for (let seen = 0; seen < LOOK_AT; seen++) {
      const step = position.next()
      if (step.done) {
        position = windows.entries()
        continue
      }
      const [key, { count, endsAt }] = step.value
      if (endsAt <= now) windows.delete(key)
      else if (count < lowest) [victim, lowest] = [key, count]
    }
    if (victim !== undefined && windows.size === size) windows.delete(victim)
  }
}
