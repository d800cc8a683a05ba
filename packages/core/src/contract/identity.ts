import type { Strategy } from './auth-types.ts'
import type { AnyToken } from './token.ts'
import type { AnyUser } from './user.ts'

/** A valid credential: its user and all that is known of the session. Never leaves the server unshaped. */
export interface Identity {
  readonly strategy: Strategy
  readonly token: AnyToken
  /** What the session callback gets as `user`: from the token under the jwt strategy, the row under the database strategy. */
  readonly user: AnyUser
  readonly sessionId: string
  /** The key of the session's row; null if there is none. */
  readonly sessionToken: string | null
  readonly expires: Date
  /** When the session began. */
  readonly startedAt: Date
  /** Whether another library issued its token: it may have no row yet, and gets one when it is renewed. */
  readonly foreign: boolean
  /** Whether an access token stands for it, so that its end asks for a refresh rather than a sign-in. */
  readonly isAccess: boolean
}
