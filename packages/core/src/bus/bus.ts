import type { SessionBus, SessionEvent } from '../contract/bus.ts'

/**
 * A bus within one process. Pass the same one to several `createAuth` to let them hear each other. What a listener throws, or rejects
 * with, keeps the event from no other listener.
 *
 * @param logger where that is logged. @default console
 */
export function createSessionBus(
  logger: { readonly error: (message: string, cause?: unknown) => void } = console,
): SessionBus {
  const listeners = new Set<(event: SessionEvent) => void>()
  return {
    publish: (event) => {
      // A copy: who begins to listen now wasn't there when it happened.
      for (const listener of new Set(listeners)) {
        runIsolated(
          () => listener(event),
          (cause) => logger.error('a listener of the session bus failed', cause),
        )
      }
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Runs a function that isn't ours. What it throws, or rejects with later, is reported; nothing waits for it. */
export function runIsolated(run: () => unknown, report: (cause: unknown) => void): void {
  try {
    const returned = run()
    if (returned instanceof Object && 'then' in returned) void Promise.resolve(returned).catch(report)
  } catch (cause) {
    report(cause)
  }
}
