import type { SessionBus } from '../contract/bus.ts'
import { runIsolated } from '../internal/run-isolated.ts'

/**
 * A bus within one process. Pass the same one to several `createAuth` to connect them. It delivers at once. What a listener
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
      // A copy: a listener that is added now gets later messages only.
      for (const listener of new Set(listeners)) {
        runIsolated(
          () => listener(message),
          (cause) => logger.error('a listener of the session bus failed', cause),
        )
      }
    },
    subscribe: (listener) => {
      // A function of its own: one that listens twice is called twice, and removed once at a time.
      const own = (message: string) => listener(message)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}
