import type { Identity } from './identity.ts'

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
