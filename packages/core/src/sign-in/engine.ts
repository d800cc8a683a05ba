import type { AccountEngine } from '../accounts/engine.ts'
import type { Bearer } from '../bearer/bearer.ts'
import type { SigningInCall } from '../contract/call.ts'
import type { Identity } from '../contract/identity.ts'
import type { Installed } from '../contract/installed.ts'
import type { ClientInfo, SessionStrategy } from '../session/strategy.ts'
import type { RunAttempt } from './attempt.ts'
import type { Challenges } from './challenges.ts'
import type { Devices } from './devices.ts'
import type { Flow } from './flow.ts'
import type { RunGuess } from './guess.ts'
import type { CountSend } from './limit.ts'

/** What signing in needs of the engine. */
export interface SignInEngine extends AccountEngine {
  readonly strategy: SessionStrategy
  readonly attempt: RunAttempt
  readonly guess: RunGuess
  readonly limit: CountSend
  readonly devices: Devices
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
  /** What the client was given when it signed in before, sealed; null: nothing. */
  readonly device: string | null
  /** The request as a plug-in sees it, or a provider of the app's own. */
  readonly open: (owner: string) => SigningInCall
}
