import type { Bearer } from '../bearer/bearer.ts'
import type { Engine } from '../config/engine.ts'
import type { Hub } from '../bus/hub.ts'
import type { LiveRoom } from '../live/session.ts'
import type { LiveSessions } from '../live/sessions.ts'
import type { Tickets } from '../live/ticket.ts'
import type { Decisions } from '../session/decisions.ts'
import type { Identity } from '../contract/identity.ts'
import type { OpenedTokens } from '../session/opened.ts'
import type { Revocations } from '../session/revocations.ts'
import type { SessionStrategy } from '../session/strategy.ts'
import type { AttemptGate } from '../sign-in/attempt-gate.ts'
import type { Connections } from './connection.ts'

/** The rooms that a request goes through. */
export interface Rooms {
  readonly engine: Engine
  readonly strategy: SessionStrategy
  readonly gate: AttemptGate
  readonly revocations: Revocations
  /** null: bearer tokens are off. */
  readonly bearer: Bearer | null
  /** Tokens that were opened, per kind: cookies and access tokens never meet. null: not remembered. */
  readonly opened: { readonly cookies: OpenedTokens; readonly access: OpenedTokens } | null
  readonly hub: Hub
  readonly tickets: Tickets
  /** What a connection's ticket was for, from when it was redeemed until its session was asked. */
  readonly redeemed: WeakMap<object, Identity>
  readonly connections: Connections
  readonly live: LiveSessions
  readonly check: LiveRoom['check']
  readonly decisions: Decisions
}
