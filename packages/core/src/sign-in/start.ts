import { endBearer } from '../bearer/family.ts'
import type { IssuedPair } from '../bearer/issue.ts'
import { startBearer } from '../bearer/start.ts'
import type { Begun } from '../session/strategy.ts'
import type { KnownName } from './devices.ts'
import { endIfItFails } from './end-if-it-fails.ts'
import type { Ending } from './ending.ts'
import type { Flow } from './flow.ts'
import { findKnownNames } from './known-names.ts'
import type { Ready } from './ready.ts'
import type { SignInEngine } from './engine.ts'
import { type Basis, requireStillCounts } from './still-counts.ts'

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
 * @param basis after a second step, only a take-over is looked for
 * @throws AuthError `SessionRevoked` if what the sign-in was based on has changed
 */
export async function start(engine: SignInEngine, ready: Ready, basis: Basis = ready): Promise<Started> {
  const started = await begin(engine, ready)
  await endIfItFails(
    engine,
    () => end(engine, started),
    () => requireStillCounts(engine, basis),
  )
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
