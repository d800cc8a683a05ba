import type { SessionBus } from '../contract/bus.ts'
import { runIsolated } from '../internal/run-isolated.ts'

/**
 * A bus within one process. Pass the same one to several `createAuth` to let them hear each other. It delivers at once. What a listener
 * throws, or rejects with, keeps the message from no other listener.
 *
 * @param logger where that is logged. @default console
 */
export function createSessionBus(
  logger: { readonly error: (message: string, cause?: unknown) => void } = console,
): SessionBus {
  const listeners = new Set<(message: string) => void>()
  return {
    publish: (message) => {
      // A copy: who begins to listen now wasn't there when it happened.
      for (const listener of new Set(listeners)) {
        runIsolated(
          () => listener(message),
          (cause) => logger.error('a listener of the session bus failed', cause),
        )
      }
    },
    subscribe: (listener) => {
      // A function of its own: one that listens twice is told twice, and stops once at a time.
      const own = (message: string) => listener(message)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}
