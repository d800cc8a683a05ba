import { writeRefreshCookie } from '../bearer/cookie.ts'
import { endBearer } from '../bearer/family.ts'
import { toTokenResponse } from '../bearer/response.ts'
import type { SignInOptions } from '../contract/call.ts'
import type { Identity } from '../contract/identity.ts'
import type { Answer } from '../contract/provider.ts'
import type { RequestSource } from '../contract/request-source.ts'
import type { SignInResult } from '../contract/results.ts'
import type { Challenge, Pending, Verified } from '../contract/verified.ts'
import { writeDeviceCookie } from '../cookie/device-cookie.ts'
import { readSessionCookie } from '../cookie/read-session.ts'
import type { OutgoingCookie } from '../cookie/session-cookie.ts'
import { shapeSession, emitSession } from '../session/shape.ts'
import type { SignInMethod } from '../sign-in/candidate.ts'
import { DEVICE_MAX_AGE } from '../sign-in/devices.ts'
import { endIfItFails } from '../sign-in/end-if-it-fails.ts'
import type { Flow } from '../sign-in/flow.ts'
import { finishSignIn, type Passed } from '../sign-in/second-step.ts'
import type { SignInRequest } from '../sign-in/engine.ts'
import { continueSignIn, signIn, type SignInOutcome } from '../sign-in/sign-in.ts'
import type { Ending } from '../sign-in/ending.ts'
import type { InCookie, InTokens } from '../sign-in/start.ts'
import { endOthersIfPossible } from './end-sessions.ts'
import { type Identified, identifyCookie } from './identify.ts'
import { issueCookie, requireDeliverable, send } from './outgoing.ts'
import type { RequestEngine } from './engine.ts'

/** What a sign-in returns to the caller of the operation. */
export type AnySignInResult = SignInResult<unknown, Challenge | Answer>

/** The request that signs in. */
export interface SigningIn extends SignInRequest {
  readonly engine: RequestEngine
  readonly source: RequestSource
}

/** `signIn` of a request: the sign-in through a provider, then cookie or tokens. */
export function signInThroughProvider(request: SigningIn, input: unknown): Promise<AnySignInResult> {
  return deliver(request, request.flow.kind, () => signIn(request.engine, input, request))
}

/** The rest of a sign-in whose beginning was an operation or an endpoint of a plug-in's own. */
export function signInVerified(
  request: SigningIn,
  method: SignInMethod,
  verified: Verified,
  options?: SignInOptions,
): Promise<AnySignInResult> {
  return deliver(request, request.flow.kind, () => continueSignIn(request.engine, method, verified, request, options))
}

/** The second step of a sign-in, in the flow of the first. */
export function finishPending(request: SigningIn, pending: Pending, passed: Passed): Promise<AnySignInResult> {
  const { engine, source } = request
  const check = (flow: Flow) => requireDeliverable(source, flow)
  // Which flow the first step had is known once its row was read.
  return deliver(request, 'cookie', () => finishSignIn(engine, pending, passed, check))
}

/** @param kind in the token flow, the session that the browser has isn't looked for */
async function deliver(
  request: SigningIn,
  kind: Flow['kind'],
  run: () => Promise<SignInOutcome>,
): Promise<AnySignInResult> {
  const { engine, source } = request
  const cookie = readSessionCookie(source.header('cookie'), engine.settings.cookie)
  // Before anything is written, for the store may fail.
  const previous = kind === 'cookie' ? await identifyCookie(engine, cookie) : null
  const outcome = await run()
  switch (outcome.status) {
    case 'signedIn':
      return deliverCookie(request, outcome, previous)
    case 'tokens':
      return deliverTokens(request, outcome)
    case 'answer':
      return outcome.answer
    case 'redirect':
    case 'challenge':
      return outcome
  }
}

async function deliverCookie(
  request: SigningIn,
  { issued, names, ending, emitSignIn }: InCookie,
  previous: Identified | null,
): Promise<AnySignInResult> {
  const { engine, source } = request
  const { strategy } = engine
  const { identity, cookie } = issued
  let isKept = true
  const end = () => {
    isKept = false
    return strategy.end(identity)
  }
  const isCurrent = () => isKept && !engine.revocations.has(identity.sessionId)
  const result = await endIfItFails(engine, end, async () => {
    const signedIn = { status: 'signedIn' as const, session: await shapeSession(engine, identity) }
    source.checkBody?.(signedIn)
    const known = await rememberDevice(request, names)
    send(source, issueCookie(engine, cookie, previous?.cookie ?? { value: null, present: [] }), isCurrent)
    send(source, known)
    // A new sign-in ends the session that this browser had (ASVS 7.2.4): a cookie planted beforehand is worth nothing.
    if (previous?.identity) await strategy.end(previous.identity)
    await endAfter(engine, ending, identity)
    return signedIn
  })
  emitSignIn()
  emitSession(engine, identity, result.session)
  return result
}

/** The cookie by which this browser is known at its next sign-in: it outlives the session. */
async function rememberDevice(
  { engine: { settings, devices }, device, client }: SigningIn,
  names: InCookie['names'],
): Promise<readonly OutgoingCookie[]> {
  if (names.length === 0) return []
  return [writeDeviceCookie(settings.cookie, await devices.remember(device, names, client.ip), DEVICE_MAX_AGE)]
}

async function deliverTokens(
  request: SigningIn,
  { pair, refresh, names, ending, emitSignIn }: InTokens,
): Promise<AnySignInResult> {
  const { engine, source } = request
  const { bearer } = engine
  const { identity } = pair
  const end = async () => bearer && endBearer(bearer, { sessionId: identity.sessionId, userId: identity.token.sub })
  const result = await endIfItFails(engine, end, async () => {
    const response = toTokenResponse(engine.settings, pair, await shapeSession(engine, identity), refresh)
    const tokens = { status: 'tokens' as const, ...response }
    source.checkBody?.(tokens)
    if (refresh === 'cookie') {
      const known = await rememberDevice(request, names)
      send(source, [writeRefreshCookie(engine.settings, pair), ...known])
    }
    await endAfter(engine, ending, identity)
    return tokens
  })
  emitSignIn()
  emitSession(engine, identity, result.session)
  return result
}

/** Ends the session that was replaced, and the user's others if that was asked for. */
async function endAfter(engine: RequestEngine, { family, endOthers }: Ending, identity: Identity): Promise<void> {
  if (engine.bearer && family) await endBearer(engine.bearer, family)
  if (endOthers) await endOthersIfPossible(engine, identity)
}
