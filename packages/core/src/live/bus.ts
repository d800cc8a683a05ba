import type { Identity } from '../session/identity.ts'

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
      /** What the session is made of now, JSON and Dates; holds every claim, so it belongs on the server's own wires only. */
      readonly identity: Identity
    }

/**
 * The wire on which revocations and changes travel between whoever serves the same sessions: what makes a sign-out take effect in
 * another instance at once, and a live session hear of it.
 */
export interface SessionBus {
  /** Hands an event to every listener, this instance's own included. Must not throw for want of a listener. */
  readonly publish: (event: SessionEvent) => void
  /** @returns a function that stops listening */
  readonly subscribe: (listener: (event: SessionEvent) => void) => () => void
}

/** A bus within one process. Pass the same one to several `createAuth` to let them hear each other. */
export function createSessionBus(): SessionBus {
  const listeners = new Set<(event: SessionEvent) => void>()
  return {
    publish: (event) => {
      // A copy: who begins to listen now wasn't there when it happened.
      for (const listener of new Set(listeners)) listener(event)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
