import type { IssuedPair } from '../bearer/issue.ts'
import { startBearer } from '../bearer/start.ts'
import type { Begun, StartParams } from '../session/strategy.ts'
import type { Flow } from './flow.ts'
import type { SignInEngine } from './engine.ts'

/** A session that has begun, in a cookie or in tokens. */
export type Started = InCookie | InTokens

export interface InCookie extends Told {
  readonly status: 'signedIn'
  readonly issued: Begun
}

export interface InTokens extends Told {
  readonly status: 'tokens'
  readonly pair: IssuedPair
  /** Where the refresh token goes. */
  readonly refresh: Flow['refresh']
}

interface Told {
  /** Tells the app's listener of it. To be called when nothing can fail any more. */
  readonly tell: () => void
}

/** Begins the session as the flow asks for it: in a token pair, or as the strategy keeps it. */
export async function start(engine: SignInEngine, flow: Flow, params: StartParams): Promise<Started> {
  const { strategy, bearer } = engine
  const { user, account, isNewUser } = params
  const tell = (sessionId: string) => () => engine.emit('signIn', { user, account, isNewUser, sessionId })
  if (bearer && flow.kind === 'token') {
    const pair = await startBearer(bearer, params, flow.refresh)
    return { status: 'tokens', pair, refresh: flow.refresh, tell: tell(pair.identity.sessionId) }
  }
  const issued = await strategy.start(params)
  return { status: 'signedIn', issued, tell: tell(issued.identity.sessionId) }
}
