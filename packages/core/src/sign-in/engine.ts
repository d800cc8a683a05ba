import type { AccountEngine } from '../accounts/engine.ts'
import type { Bearer } from '../bearer/bearer.ts'
import type { SigningInCall } from '../contract/call.ts'
import type { Identity } from '../contract/identity.ts'
import type { Installed } from '../contract/installed.ts'
import type { ClientInfo, SessionStrategy } from '../session/strategy.ts'
import type { RunAttempt } from './attempt.ts'
import type { Challenges } from './challenges.ts'
import type { Flow } from './flow.ts'
import type { CountSend } from './limit.ts'

/** What signing in needs of the engine. */
export interface SignInEngine extends AccountEngine {
  readonly strategy: SessionStrategy
  readonly attempt: RunAttempt
  readonly limit: CountSend
  /** null: bearer tokens are off. */
  readonly bearer: Bearer | null
  readonly plugins: Pick<Installed, 'credentials' | 'factors' | 'providers' | 'ways'>
  /** null: there are no second factors. */
  readonly challenges: Challenges | null
}

/** What signing in needs of the request. */
export interface SignInRequest {
  readonly flow: Flow
  readonly client: ClientInfo
  /** The session that asks, which the new one replaces; null: the operation is for anybody. */
  readonly replaces: Identity | null
  /** The request as a plug-in sees it, or a provider of the app's own. */
  readonly open: (owner: string) => SigningInCall
}
