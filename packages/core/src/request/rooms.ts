import type { Bearer } from '../bearer/bearer.ts'
import type { Engine } from '../engine.ts'
import type { SessionBus } from '../live/bus.ts'
import type { Tickets } from '../live/ticket.ts'
import type { Identity } from '../session/identity.ts'
import type { OpenedTokens } from '../session/opened.ts'
import type { Revocations } from '../session/revocations.ts'
import type { SessionStrategy } from '../session/strategy.ts'
import type { AttemptGate } from '../sign-in/attempt-gate.ts'

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
  readonly bus: SessionBus
  readonly tickets: Tickets
  /** Whose ticket opened a connection: it works once, and the connection asks again with every operation. */
  readonly redeemed: WeakMap<object, Promise<Identity>>
}
