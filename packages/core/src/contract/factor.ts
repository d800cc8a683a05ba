import type { Awaitable } from '../internal/types.ts'
import type { Call } from './call.ts'
import type { Pending } from './verified.ts'

/** A second step of a sign-in. The plug-in that brings it has an operation that ends in `call.finish(pending, factor)`. */
export interface Factor {
  /**
   * Whether this sign-in must take this step. If several factors are due, one of them is enough. Asked also for a session that adds something
   * which counts as two factors (`call.requireSecondFactor`): then `account.provider` is `'session'`, and the call has no cookies.
   */
  readonly isDue: (signIn: Pick<Pending, 'user' | 'account' | 'amr'>, call: Call) => Awaitable<boolean>
}
