import type { FlowSecrets } from '../grant/redeem.ts'

/** What a flow must know when its browser comes back. It is kept encrypted in a cookie of that browser. */
export interface Flow extends FlowSecrets {
  /** The provider that it was begun with: no other's callback ends it. */
  readonly provider: string
  readonly goal: Goal
}

/** What a flow is for. */
export interface Goal {
  /** Where the browser goes in the end. */
  readonly redirectTo: string
  /** Whose account a new one is to be linked to; null: it is a sign-in. */
  readonly linkTo: string | null
  /** What the one-time code of a client that keeps tokens is bound to; null: the browser gets the session. */
  readonly codeChallenge: string | null
  /** A window of its own tells the page at `origin` how it ended; null: it is no such window. */
  readonly popup: { readonly id: string; readonly origin: string } | null
}

/** Seconds within which a browser must come back. People look for their phones, and answer questions of their provider. */
export const FLOW_LIFE = 900
