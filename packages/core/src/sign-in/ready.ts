import type { StartParams } from '../session/strategy.ts'
import type { Ending } from './ending.ts'
import type { Flow } from './flow.ts'

/** Whose row a sign-in has found. The session may be another user's, by the resolveUser callback. */
export interface Found {
  readonly id: string
  /** Whether its address is known to be unverified: then it may be taken over at any moment. */
  readonly isUnverified: boolean
}

/** A sign-in whose session may begin. It is JSON, unless an app's function returned something else. */
export interface Ready {
  readonly found: Found
  readonly params: StartParams
  /** The name that was typed, as in a `SignInMethod`. */
  readonly name: string | null
  readonly flow: Flow
  readonly ending: Ending
}
