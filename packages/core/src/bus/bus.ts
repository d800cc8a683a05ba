import type { Identity } from '../identity.ts'

/** What instances tell each other about sessions. */
export type SessionEvent =
  | {
      /** These sessions ended: by sign-out, revocation or a refused token. */
      readonly type: 'revoked'
      readonly sessionIds: readonly string[]
    }
  | {
      /** A session's claims or life changed. */
      readonly type: 'changed'
      readonly sessionId: string
      /** What the session is made of now. Holds every claim, so it belongs on the server's own wires only. Plain JSON: a date may arrive as text. */
      readonly identity: Identity
      /** If `updateSession` issued a new token: the `jti` of the one that it replaces. */
      readonly replaces?: string
    }

/**
 * The wire on which revocations and changes travel between the instances that serve the same sessions: what makes a sign-out take effect in
 * another instance at once, and a live session hear of it. A bus can fail nothing: what `publish` throws or rejects with is logged, it
 * isn't waited for, and the instance that publishes has heard its own events already.
 */
export interface SessionBus {
  /** Hands an event to every listener, this instance's own included. */
  readonly publish: (event: SessionEvent) => void
  /** @returns a function that stops listening */
  readonly subscribe: (listener: (event: SessionEvent) => void) => () => void
}

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
