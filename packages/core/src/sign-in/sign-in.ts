import type { Engine } from '../config/engine.ts'
import { runCallback } from '../config/run-callbacks.ts'
import type { Identity } from '../contract/identity.ts'
import type { SignInOptions } from '../contract/call.ts'
import type { AnyUser } from '../contract/user.ts'
import type { Challenge, Verified } from '../contract/verified.ts'
import { mergeAmr, readDefaultAmr } from './amr.ts'
import { runSignInCallback } from './run-sign-in-callback.ts'
import { begin, readProviderInput } from './begin.ts'
import type { Challenges, Waiting } from './challenges.ts'
import { findCandidate } from './find-candidate.ts'
import type { SavedUser, SignInMethod } from './candidate.ts'
import type { SignInEngine, SignInRequest } from './engine.ts'
import { findDueFactors } from './factors.ts'
import { type Answered, type Redirect, toAnswer, toRedirect } from './step-result.ts'
import { requireUser } from './require-user.ts'
import type { Ending } from './ending.ts'
import { start, type Started } from './start.ts'
import { requireStillCounts, type StillCounts } from './still-counts.ts'

export type SignInOutcome = Started | Redirect | Challenge | Answered

/**
 * A sign-in through a provider, from its beginning: verifies the user. The rest is {@link continueSignIn}.
 *
 * @throws AuthError `InvalidInput`, `RateLimited`, `CredentialsSignin`, and what the rest throws
 */
export async function signIn(engine: SignInEngine, input: unknown, request: SignInRequest): Promise<SignInOutcome> {
  const { provider, fields } = await readProviderInput(engine, input)
  const { step, name } = await begin(engine, { provider, fields }, request)
  if ('redirect' in step) return toRedirect(provider.id, step, request.flow)
  if ('answer' in step) return toAnswer(provider.id, step)
  const { id, type } = provider
  const credentials = type === 'credentials' ? fields : null
  return continueSignIn(engine, { id, type, name, credentials, amr: readDefaultAmr(type) }, step, request)
}

/**
 * The story of a sign-in, once it is known whose it is: may they, whom does the store have, whose identity is it, is a second factor due,
 * then the session. Nothing is written before the signIn callback has agreed.
 *
 * @throws AuthError `AccessDenied`, `OAuthAccountNotLinked`, `TokenRefused`, `InvalidClaim`, `CallbackRouteError`, `AdapterError`
 */
export async function continueSignIn(
  engine: SignInEngine,
  method: SignInMethod,
  verified: Verified,
  request: SignInRequest,
  options: SignInOptions = {},
): Promise<SignInOutcome> {
  const { flow, client } = request
  const candidate = await findCandidate(engine, method, verified)
  const elsewhere = await runSignInCallback(engine, method, candidate, flow)
  if (elsewhere !== null) return { status: 'redirect', url: elsewhere }
  const { account, isNewUser, stillCounts = verified.stillCounts, ...saved } = await candidate.save()
  // A new user's were written with them: both or neither.
  if (!isNewUser) await runCallback(() => verified.belongings?.(saved.user))
  const found = { id: String(saved.user.id), isVerified: saved.user.emailVerified !== null }
  const user = await resolveUser(engine, { account, isNewUser, ...saved })
  const amr = mergeAmr(method.id, carryAmr(request.replaces, user), verified.amr ?? method.amr)
  const params = { user, account, profile: candidate.profile, isNewUser, client, amr }
  const factors = await findDueFactors(engine, params, request)
  const ready = { found, params, name: method.name, flow, ending: toEnding(request, options) }
  return engine.challenges && factors.length > 0
    ? wait(engine, engine.challenges, { ...ready, factors }, stillCounts)
    : start(engine, ready, stillCounts)
}

/** It waits for its second step. */
async function wait(
  engine: SignInEngine,
  challenges: Challenges,
  waiting: Waiting,
  stillCounts: StillCounts,
): Promise<Challenge> {
  const opened = await challenges.open(waiting)
  const close = () => challenges.close(opened, String(waiting.params.user.id))
  await requireStillCounts(engine, { found: waiting.found, stillCounts }, close)
  return opened
}

function toEnding({ replaces, flow }: SignInRequest, { endOthers = false }: SignInOptions): Ending {
  // That of a cookie is found by the cookie.
  const family =
    replaces && flow.kind === 'token' ? { sessionId: replaces.sessionId, userId: replaces.token.sub } : null
  return { family, endOthers }
}

/** What somebody has shown before stays with the session that takes the place of theirs. */
function carryAmr(replaces: Identity | null, { id }: AnyUser): readonly string[] {
  return replaces && replaces.token.sub === String(id) ? (replaces.token.amr ?? []) : []
}

/** The app's choice of the session's identity. */
async function resolveUser({ callbacks }: Engine, saved: SavedUser): Promise<AnyUser> {
  const { resolveUser: callback } = callbacks
  return callback ? requireUser(await runCallback(() => callback(saved)), 'callbacks.resolveUser') : saved.user
}
