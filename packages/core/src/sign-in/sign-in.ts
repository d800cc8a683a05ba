import type { Engine } from '../config/engine.ts'
import { runCallback } from '../config/run-callbacks.ts'
import type { Identity } from '../contract/identity.ts'
import type { SignInOptions } from '../contract/call.ts'
import type { AnyUser, Profile } from '../contract/user.ts'
import type { Challenge, Verified } from '../contract/verified.ts'
import { AuthError } from '../errors.ts'
import { mergeAmr, readDefaultAmr } from './amr.ts'
import { runSignInCallback } from './run-sign-in-callback.ts'
import { begin, readProviderInput } from './begin.ts'
import type { Challenges, Waiting } from './challenges.ts'
import { findCandidate } from './find-candidate.ts'
import type { SavedUser, SignInMethod } from './candidate.ts'
import type { SignInEngine, SignInRequest } from './engine.ts'
import { endIfItFails } from './end-if-it-fails.ts'
import { findDueFactors } from './factors.ts'
import type { Flow } from './flow.ts'
import { type Answered, type Redirect, toAnswer, toRedirect } from './step-result.ts'
import { requireUser } from './require-user.ts'
import type { Ending } from './ending.ts'
import { start, type Started } from './start.ts'
import { type Basis, requireStillCounts } from './still-counts.ts'

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
  const admitted = await admit(engine, { method, verified, flow })
  if ('url' in admitted) return admitted
  const { profile, saved } = admitted
  const { user: row, account, isNewUser, stillCounts = verified.stillCounts } = saved
  // A new user's were written with them: both or neither.
  if (!isNewUser) await runCallback(() => verified.belongings?.(row))
  const user = await resolveUser(engine, { user: row, account, isNewUser })
  const amr = mergeAmr(method.id, carryAmr(request.replaces, user), verified.amr ?? method.amr)
  const params = { user, account, profile, isNewUser, client, amr }
  const factors = await findDueFactors(engine, params, request)
  const found = { id: String(row.id), isUnverified: row.emailVerified === null }
  const ready = { found, params, name: method.name, flow, ending: toEnding(request, options) }
  const basis = { found, replaces: request.replaces, stillCounts }
  return engine.challenges && factors.length > 0
    ? openChallenge(engine, engine.challenges, { ...ready, factors }, basis)
    : start(engine, ready, basis)
}

interface Admitted {
  readonly profile: Profile | null
  readonly saved: SavedUser
}

/** Asks the signIn callback, and finds, creates or links the user. If the row that was found goes meanwhile, all of that is done once more. */
async function admit(
  engine: SignInEngine,
  { method, verified, flow }: { readonly method: SignInMethod; readonly verified: Verified; readonly flow: Flow },
): Promise<Admitted | Redirect> {
  for (let attempt = 0; attempt < 2; attempt++) {
    const candidate = await findCandidate(engine, method, verified)
    const elsewhere = await runSignInCallback(engine, method, candidate, flow)
    if (elsewhere !== null) return { status: 'redirect', url: elsewhere }
    const saved = await candidate.save()
    if (saved) return { profile: candidate.profile, saved }
  }
  throw new AuthError('OAuthAccountNotLinked')
}

/** Opens the challenge for the second step, unless what the first one was based on has changed. */
async function openChallenge(
  engine: SignInEngine,
  challenges: Challenges,
  waiting: Waiting,
  basis: Basis,
): Promise<Challenge> {
  const opened = await challenges.open(waiting)
  await endIfItFails(
    engine,
    () => challenges.close(opened, String(waiting.params.user.id)),
    () => requireStillCounts(engine, basis),
  )
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
