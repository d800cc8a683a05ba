import type { LimitSettings } from '../config/settings.ts'
import type { AttemptCounter } from '../contract/limits.ts'
import type { Logger } from '../internal/logger.ts'
import { withFallback } from './counter-fallback.ts'
import { createMemoryCounter } from './memory-counter.ts'
import { createOutage } from './outage.ts'

/** Where attempts are counted. Each kind of key has a memory of its own, so that a flood of addresses makes no name forgotten. */
export interface Counters {
  readonly clients: AttemptCounter
  readonly names: AttemptCounter
  readonly sends: AttemptCounter
}

/** Counts in `limits.counter`, else in memory. */
export function openCounters({ counter }: LimitSettings, logger: Logger): Counters {
  const outage = createOutage(logger)
  const open = (): AttemptCounter => {
    const memory = createMemoryCounter()
    return counter ? withFallback(counter, memory, outage) : memory
  }
  return { clients: open(), names: open(), sends: open() }
}
