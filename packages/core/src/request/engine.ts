import type { Hub } from '../bus/hub.ts'
import type { LiveSessions } from '../live/sessions.ts'
import type { Tickets } from '../live/ticket.ts'
import type { SignInEngine } from '../sign-in/engine.ts'
import type { LiveEngine } from '../live/session.ts'
import type { Decisions } from '../session/decisions.ts'
import type { Identity } from '../contract/identity.ts'
import type { Installed } from '../contract/installed.ts'
import type { OpenedTokens } from '../session/opened.ts'
import type { TableStore } from '../store/tables/table.ts'
import type { Connections } from './connection.ts'

/**
 * The whole engine, as a request uses it. It is one object: each folder declares the part of it that it needs, and a higher folder's part
 * extends the lower ones'.
 */
export interface RequestEngine extends SignInEngine, LiveEngine {
  /** Tokens that were opened, per kind: cookies and access tokens never meet. null: not remembered. */
  readonly opened: { readonly cookies: OpenedTokens; readonly access: OpenedTokens } | null
  readonly hub: Hub
  readonly tickets: Tickets
  /** What a connection's ticket was for, from when it was redeemed until its session was asked. */
  readonly redeemed: WeakMap<object, Identity>
  readonly connections: Connections
  readonly live: LiveSessions
  readonly decisions: Decisions
  readonly plugins: Installed
  /** What ends the streams of callers whom a plug-in's credential stands for. */
  readonly callerStreams: Set<(reason: unknown) => void>
  /** Keeps the tables of plug-ins, if it isn't the adapter. */
  readonly tables: TableStore | null
}
