import type { AttemptCounter, CountedAttempt, RefusedAttempt } from '../contract/limits.ts'
import type { Awaitable } from '../internal/types.ts'
import { within } from '../internal/within.ts'
import type { MemoryAttempt, MemoryCounter } from './memory-counter.ts'
import type { Outage } from './outage.ts'

/** Milliseconds that a counter may take for one call. */
const PATIENCE = 500

/**
 * A counter that fails nothing: while the app's own throws or doesn't respond, attempts are counted in memory. So the loss of a broker neither
 * locks everybody out nor removes the limits.
 */
export function withFallback(counter: AttemptCounter, memory: MemoryCounter, outage: Outage): AttemptCounter {
  return {
    consume: async (key, rule, now) => {
      if (!outage.mayTry()) return memory.consume(key, rule, now)
      const asked = call(() => counter.consume(key, rule, now)).then(requireAttempt)
      try {
        const attempt = await within(asked, PATIENCE)
        outage.end()
        return attempt.allowed ? withoutFailing(attempt, outage) : attempt
      } catch (cause) {
        outage.begin(cause)
        return alsoWhenLate(memory.consume(key, rule, now), asked)
      }
    },
  }
}

async function call<T>(run: () => Awaitable<T>): Promise<T> {
  return run()
}

/** The app's own code made it. */
function requireAttempt(attempt: CountedAttempt | RefusedAttempt): CountedAttempt | RefusedAttempt {
  const { allowed } = attempt
  if (allowed ? typeof attempt.undo === 'function' : typeof attempt.retryAfter === 'number') return attempt
  throw new TypeError('limits.counter returned neither a counted nor a refused attempt')
}

/** What can't be taken back stays counted until its window ends. That is logged, and fails nothing. */
function withoutFailing({ undo, clear }: CountedAttempt, outage: Outage): CountedAttempt {
  const run = (step: () => Awaitable<void>) => within(call(step), PATIENCE).catch(outage.begin)
  return { allowed: true, undo: () => run(undo), clear: () => run(clear) }
}

/** The counter may have counted after all, or do so later: what happens to the attempt happens to its count there too. */
function alsoWhenLate(
  attempt: MemoryAttempt,
  asked: Promise<CountedAttempt | RefusedAttempt>,
): CountedAttempt | RefusedAttempt {
  const late = (step: 'undo' | 'clear') =>
    void asked.then((there) => (there.allowed ? there[step]() : undefined)).catch(() => {})
  if (!attempt.allowed) {
    late('undo')
    return attempt
  }
  asked.catch(() => {}) // a late failure must not be an unhandled rejection
  const both = (step: 'undo' | 'clear') => () => {
    attempt[step]()
    late(step)
  }
  return { allowed: true, undo: both('undo'), clear: both('clear') }
}
