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
  /** Devices that signed in before. */
  readonly devices: AttemptCounter
  /** Clients that wait before they guess at a name. */
  readonly waits: AttemptCounter
  readonly sends: AttemptCounter
}

/** How many keys of each kind this process remembers: together less than 64 MB. */
const MAX_KEYS = { clients: 100_000, names: 100_000, devices: 20_000, waits: 60_000, sends: 30_000 }

/** Counts in `limits.counter`, else in memory. */
export function openCounters({ counter }: LimitSettings, logger: Logger): Counters {
  const outage = createOutage(logger)
  const open = (maxKeys: number): AttemptCounter => {
    const memory = createMemoryCounter(maxKeys)
    return counter ? withFallback(counter, memory, outage) : memory
  }
  return {
    clients: open(MAX_KEYS.clients),
    names: open(MAX_KEYS.names),
    devices: open(MAX_KEYS.devices),
    waits: open(MAX_KEYS.waits),
    sends: open(MAX_KEYS.sends),
  }
}
