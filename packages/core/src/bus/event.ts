import type { Identity } from '../contract/identity.ts'

/** An event of a session, for the modules of an engine and for other instances. */
export type SessionEvent = Revoked | Changed

/** These sessions ended: by sign-out, revocation or a refused token. */
export interface Revoked {
  readonly type: 'revoked'
  readonly sessionIds: readonly string[]
  readonly sent?: Sent
}

/** A session's claims or life changed. */
export interface Changed {
  readonly type: 'changed'
  readonly sessionId: string
  /** The session as it is now. null: its row must be read again. */
  readonly identity: Identity | null
  /** If `updateSession` issued a new token: the `jti` of the one that it replaces. */
  readonly replaces?: string
  readonly sent?: Sent
}

/** How an event came here from another instance. Events of this instance have none. */
export interface Sent {
  /** The engine that sent it. */
  readonly from: string
  /** Counts what that engine sends. */
  readonly number: number
  /** When, by its clock: milliseconds since the epoch. */
  readonly at: number
}
