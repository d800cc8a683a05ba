import { type BusConnection, createSessionBus, type Logger, type Unsubscribe } from '@latchkey/core'

/** Whoever listens to a bus, and what they are told of its connection. */
export interface Listeners {
  readonly add: (listener: (message: string) => void, connection: BusConnection) => Unsubscribe
  readonly deliver: (message: string) => void
  readonly lost: () => void
  /** @param since the moment (`performance.now()`) since which every message was delivered */
  readonly connected: (since: number) => void
}

interface Entry {
  readonly connection: BusConnection
  /** What was sent before this moment may have been delivered to others only. */
  readonly since: number
}

export function createListeners(logger: Pick<Logger, 'error'>): Listeners {
  const local = createSessionBus(logger)
  const entries = new Set<Entry>()
  let isConnected = false
  let hasDelivered = false
  return {
    add: (listener, connection) => {
      const stop = local.subscribe(listener, connection) as () => void // the bus of one process returns no promise
      // Nothing was delivered yet: this listener gets all that is going to be.
      const entry = { connection, since: hasDelivered ? performance.now() : -Infinity }
      entries.add(entry)
      if (!isConnected) connection.lost()
      return () => {
        entries.delete(entry)
        stop()
      }
    },
    deliver: (message) => void local.publish(message),
    lost: () => {
      if (!isConnected) return
      isConnected = false
      for (const { connection } of entries) connection.lost()
    },
    connected: (since) => {
      if (isConnected) return
      isConnected = true
      hasDelivered = true
      const now = performance.now()
      for (const entry of entries) entry.connection.connected(Math.max(0, now - Math.max(since, entry.since)))
    },
  }
}
