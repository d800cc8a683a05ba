import { endBearer } from '../bearer/family.ts'
import type { IssuedPair } from '../bearer/issue.ts'
import { startBearer } from '../bearer/start.ts'
import type { Begun } from '../session/strategy.ts'
import type { KnownName } from './devices.ts'
import type { Ending } from './ending.ts'
import type { Flow } from './flow.ts'
import { findKnownNames } from './known-names.ts'
import type { Ready } from './ready.ts'
import type { SignInEngine } from './engine.ts'
import { requireStillCounts, type StillCounts } from './still-counts.ts'

/** A session that has begun, in a cookie or in tokens. */
export type Started = InCookie | InTokens

export interface InCookie extends WithEvent {
  readonly status: 'signedIn'
  readonly issued: Begun
}

export interface InTokens extends WithEvent {
  readonly status: 'tokens'
  readonly pair: IssuedPair
  /** Where the refresh token goes. */
  readonly refresh: Flow['refresh']
}

interface WithEvent {
  /** What this browser is a known device for, if it is given cookies. */
  readonly names: readonly KnownName[]
  readonly ending: Ending
  /** Emits the `signIn` event. To be called when nothing can fail any more. */
  readonly emitSignIn: () => void
}

/**
 * Begins the session as the flow asks for it: in a token pair, or as the strategy keeps it.
 *
 * @throws AuthError `SessionRevoked` if what has verified the user doesn't count any more
 */
export async function start(engine: SignInEngine, ready: Ready, stillCounts?: StillCounts): Promise<Started> {
  const started = await begin(engine, ready)
  await requireStillCounts(engine, { found: ready.found, stillCounts }, () => end(engine, started))
  return started
}

async function end({ strategy, bearer }: SignInEngine, started: Started): Promise<void> {
  if (started.status === 'signedIn') return strategy.end(started.issued.identity)
  const { sessionId, token } = started.pair.identity
  if (bearer) await endBearer(bearer, { sessionId, userId: token.sub })
}

async function begin(engine: SignInEngine, { params, name, flow, ending }: Ready): Promise<Started> {
  const { strategy, bearer } = engine
  const { user, account, isNewUser } = params
  const names = findKnownNames(engine, params, name)
  const emitter = (sessionId: string) => () => engine.emit('signIn', { user, account, isNewUser, sessionId })
  if (bearer && flow.kind === 'token') {
    const { refresh } = flow
    const pair = await startBearer(bearer, params, refresh)
    return { status: 'tokens', pair, refresh, names, ending, emitSignIn: emitter(pair.identity.sessionId) }
  }
  const issued = await strategy.start(params)
  return { status: 'signedIn', issued, names, ending, emitSignIn: emitter(issued.identity.sessionId) }
}
