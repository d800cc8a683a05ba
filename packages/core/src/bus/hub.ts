import type { Engine } from '../config/engine.ts'
import type { SessionBus } from '../contract/bus.ts'
import { runIsolated } from '../internal/run-isolated.ts'
import { type Coverage, createCoverage } from './coverage.ts'
import type { SessionEvent } from './event.ts'
import { createIsNews } from './news.ts'
import { openWire } from './wire.ts'

/**
 * Delivers events between the modules of an engine, at once and as objects. Events of this engine then go to other instances over the
 * app's bus, and theirs come in over it.
 */
export interface Hub {
  /** Never throws and waits for nothing. */
  readonly publish: (event: SessionEvent) => void
  /** For as long as the engine lives. */
  readonly subscribe: (listener: (event: SessionEvent) => void) => void
  /** From when on this engine has heard of everything that the others sent. */
  readonly coverage: Coverage
  /** Stops sending to other instances and receiving from them, and closes the bus if it can be closed. */
  readonly close: () => Promise<void>
}

/** @param bus undefined: there are no other instances */
export function createHub(bus: SessionBus | undefined, engine: Engine): Hub {
  const { clock, logger } = engine.settings
  const listeners: ((event: SessionEvent) => void)[] = []
  const isNews = createIsNews(clock)
  const deliver = (event: SessionEvent) => {
    if (!isNews(event)) return
    for (const listener of listeners) {
      runIsolated(
        () => listener(event),
        (cause) => logger.error('a session event could not be handled', cause),
      )
    }
  }
  const coverage = createCoverage(engine, bus !== undefined)
  const wire = bus && openWire(bus, engine, { receive: deliver, connection: coverage.connection })
  return {
    coverage,
    publish: (event) => {
      deliver(event)
      wire?.send(event)
    },
    subscribe: (listener) => void listeners.push(listener),
    close: async () => wire?.close(),
  }
}
