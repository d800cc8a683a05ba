import type { Engine } from '../config/engine.ts'
import type { Installed } from '../contract/installed.ts'

/** What knowing a user's ways to sign in needs of the engine. */
export interface AccountEngine extends Engine {
  readonly plugins: Pick<Installed, 'credentials' | 'factors' | 'providers' | 'ways'>
  /**
   * Ends all sessions of a user, with their tokens, streams and sign-ins that wait for a second step.
   *
   * @throws AuthError `Configuration` if the adapter keeps no sessions by id
   */
  readonly endSessions: (userId: string) => Promise<void>
}
