import type { Logger } from '../internal/logger.ts'
import type { Identity } from '../contract/identity.ts'
import { runIsolated } from './bus.ts'
import type { SessionBus, SessionEvent } from '../contract/bus.ts'

/**
 * The bus as an engine's own modules use it. An event reaches them first, whatever the bus does, and the bus after that. One
 * subscription per engine.
 */
export interface Hub {
  /** Never throws and waits for nothing. */
  readonly publish: (event: SessionEvent) => void
  /** For as long as the engine lives. */
  readonly subscribe: (listener: (event: SessionEvent) => void) => void
}

export function createHub(bus: SessionBus, logger: Logger): Hub {
  const listeners: ((event: SessionEvent) => void)[] = []
  // Events of our own that a bus within this process hands back as the same object.
  const own = new WeakSet<SessionEvent>()
  const deliver = (event: SessionEvent) => {
    for (const listener of listeners) {
      runIsolated(
        () => listener(event),
        (cause) => logger.error('a session event could not be handled', cause),
      )
    }
  }
  bus.subscribe((event) => {
    if (own.has(event)) return
    const known = readEvent(event)
    if (known) deliver(known)
    else logger.error('the session bus delivered what is no session event')
  })
  return {
    publish: (event) => {
      own.add(event)
      deliver(event)
      runIsolated(
        () => bus.publish(event),
        (cause) => logger.error('the session bus could not publish', cause),
      )
    },
    subscribe: (listener) => void listeners.push(listener),
  }
}

/** Reads an event that the app's bus delivered: dates that came as text are dates again. null: it is no session event. */
function readEvent(event: SessionEvent | null | undefined): SessionEvent | null {
  if (event?.type === 'revoked') return Array.isArray(event.sessionIds) ? event : null
  if (event?.type !== 'changed' || typeof event.identity !== 'object') return null
  const identity = withDates(event.identity)
  if (!identity) return null
  const { sessionId, replaces } = event
  return { type: 'changed', sessionId, identity, ...(typeof replaces === 'string' && { replaces }) }
}

function withDates(identity: Identity): Identity | null {
  const [expires, startedAt] = [new Date(identity.expires), new Date(identity.startedAt)]
  if (Number.isNaN(expires.getTime()) || Number.isNaN(startedAt.getTime())) return null
  return { ...identity, expires, startedAt }
}
