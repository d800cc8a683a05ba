import type { StartParams } from '../session/strategy.ts'
import type { Ending } from './ending.ts'
import type { Flow } from './flow.ts'

/** A sign-in whose session may begin. */
export interface Ready {
  readonly params: StartParams
  /** The name that was typed, as in a `SignInMethod`. */
  readonly name: string | null
  readonly flow: Flow
  readonly ending: Ending
}
