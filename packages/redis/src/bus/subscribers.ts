import type { BusConnection, Logger } from '@latchkey/core'
import { monotonic, startPause } from '../internal/wait.ts'

/** Who listens on one instance. */
export interface Subscribers {
  /** @returns what removes it */
  readonly add: (listener: (message: string) => void, connection: BusConnection) => () => void
  readonly isEmpty: () => boolean
  readonly clear: () => void
  readonly deliver: (message: string) => void
  readonly lost: () => void
  /** @param delivered milliseconds */
  readonly connected: (delivered: number) => void
  /** Resolves when the reader is connected, and after {@link PATIENCE} in any case. */
  readonly isConnected: () => Promise<void>
}

interface Subscriber {
  readonly listener: (message: string) => void
  readonly connection: BusConnection
  /** From when on it has got everything that the reader has. */
  readonly since: number
}

/** Milliseconds. */
const PATIENCE = 2_000

export function createSubscribers(logger: Logger): Subscribers {
  const subscribers = new Set<Subscriber>()
  const waiting = new Set<() => void>()
  let isLost = true
  const forEach = (run: (subscriber: Subscriber) => void) => {
    for (const subscriber of [...subscribers]) {
      try {
        run(subscriber)
      } catch (cause) {
        logger.error('a listener of the session bus failed', cause)
      }
    }
  }
  return {
    add: (listener, connection) => {
      // The first one starts the reader, which then begins with what the stream has kept.
      const since = subscribers.size === 0 ? Number.NEGATIVE_INFINITY : monotonic()
      if (subscribers.size === 0) isLost = true
      const own = { listener, connection, since }
      subscribers.add(own)
      if (isLost) connection.lost()
      return () => void subscribers.delete(own)
    },
    isEmpty: () => subscribers.size === 0,
    clear: () => {
      subscribers.clear()
      waiting.forEach((done) => done())
    },
    deliver: (message) => forEach(({ listener }) => listener(message)),
    lost: () => {
      if (!isLost) forEach(({ connection }) => connection.lost())
      isLost = true
    },
    connected: (delivered) => {
      isLost = false
      const now = monotonic()
      forEach(({ connection, since }) => connection.connected(Math.min(delivered, now - since)))
      waiting.forEach((done) => done())
    },
    isConnected: async () => {
      if (!isLost) return
      const { isOver, end } = startPause(PATIENCE)
      waiting.add(end)
      await isOver
      waiting.delete(end)
    },
  }
}
