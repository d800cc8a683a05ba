import type { Awaitable } from '../internal/types.ts'

/** How many attempts one key has within a window. */
export interface AttemptRule {
  /** How many attempts are allowed. */
  readonly limit: number
  /** Milliseconds in which they are counted. */
  readonly window: number
}

/** An attempt that was counted. It counts as a failure until `undo` or `clear` is called; one of them may be called once. */
export interface CountedAttempt {
  /** The attempt may go on. */
  readonly allowed: true
  /** Takes this one attempt back: it was neither a wrong guess nor a success. Once its window has ended it does nothing. */
  readonly undo: () => Awaitable<void>
  /** The attempt succeeded: forgets all attempts of its key. */
  readonly clear: () => Awaitable<void>
}

/** An attempt that came too often. It isn't counted. */
export interface RefusedAttempt {
  /** The attempt must not go on. */
  readonly allowed: false
  /** Seconds until an attempt with this key is allowed again, one or more. */
  readonly retryAfter: number
}

/**
 * Counts attempts per key. A store or a broker that several instances share implements it to let them share their limits:
 * `limits.counter`. What it throws, or doesn't do within half a second, fails no sign-in: until it works again, each instance counts in
 * its own memory.
 */
export interface AttemptCounter {
  /**
   * Counts an attempt before its outcome is known. One atomic step: of a hundred at the same time no more than `rule.limit` are allowed.
   *
   * @param key what is counted: a digest in base64url, 43 characters
   * @param rule always the same one for the same key, until the configuration changes
   * @param now the engine's time; a counter may use a clock of its own
   */
  readonly consume: (key: string, rule: AttemptRule, now: Date) => Awaitable<CountedAttempt | RefusedAttempt>
}
