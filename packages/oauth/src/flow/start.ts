import type { Call, EndpointCall, RedirectStep, SignedInCall, SigningInCall } from '@latchkey/core'
import { isTrustedUrl, redirectTo, toUrl } from '../addresses.ts'
import { requireServer, type Shared } from '../shared.ts'
import type { OAuthRedirect, OAuthSignIn } from '../types.ts'
import { beginFlow } from './begin.ts'
import type { Goal } from './flow.ts'

/** Begins a sign-in. @throws AuthError `InvalidInput`, `OAuthUnavailable` */
export async function startSignIn(shared: Shared, input: OAuthSignIn, call: SigningInCall): Promise<RedirectStep> {
  const goal = { ...readGoal(shared, input, call), linkTo: null }
  if (call.flow === 'cookie') return { redirect: await startHere(shared, input.provider, call, goal) }
  return { redirect: await startElsewhere(shared, input, call, goal), handsOver: true }
}

/** Begins to link an account. @throws AuthError `InvalidInput`, `OAuthUnavailable`, `StepUpRequired` */
export async function startLink(shared: Shared, input: OAuthSignIn, call: SignedInCall): Promise<OAuthRedirect> {
  // An account there may count as two factors.
  if (requireServer(shared, input.provider).provider.trustAmr) await call.requireSecondFactor()
  const goal = { ...readGoal(shared, input, call), linkTo: call.user.id }
  const keepsCookies = call.current.via === 'cookie'
  const url = keepsCookies
    ? await startHere(shared, input.provider, call, goal)
    : await startElsewhere(shared, input, call, goal)
  return { status: 'redirect', url }
}

/** Begins a flow in the browser that asks. */
export function startHere(shared: Shared, provider: string, call: Call, goal: Goal): Promise<string> {
  return beginFlow(shared, requireServer(shared, provider), call, goal)
}

/**
 * Lets a flow begin in another browser than the client that asks, which keeps tokens: the system's browser has none of its cookies. What comes
 * back is a code that only this client can use, for it is bound to its verifier.
 *
 * @returns the address at which that browser begins
 * @throws AuthError `InvalidInput`
 */
export async function startElsewhere(shared: Shared, input: OAuthSignIn, call: Call, goal: Goal): Promise<string> {
  const { engine, tables } = shared
  const { provider, codeChallenge } = input
  requireServer(shared, provider)
  if (!tables)
    throw engine.error('InvalidInput', {
      fields: ['flow'],
      detail: 'the token flow needs an adapter that keeps tables',
    })
  if (codeChallenge === undefined) throw engine.error('InvalidInput', { fields: ['codeChallenge'] })
  // Checked here: a code must not go to an address that expects none.
  const target = URL.canParse(goal.redirectTo, engine.baseUrl) ? new URL(goal.redirectTo, engine.baseUrl).href : ''
  const isNamed = input.redirectTo !== undefined || goal.popup !== null
  if (!isNamed || !isTrustedUrl(shared, target)) throw engine.error('InvalidInput', { fields: ['redirectTo'] })
  requireShort(engine, target)
  const from = call.header('origin')
  const isElsewhere = from !== null && from !== engine.baseUrl.origin && engine.isTrustedOrigin(from)
  const start = toUrl(shared, 'oauth/start')
  const asked: Start = { provider, goal: { ...goal, redirectTo: target, codeChallenge }, isElsewhere }
  start.searchParams.set('flow', await engine.seal('start', { ...asked }, START_LIFE))
  return start.href
}

/** What a browser is asked to begin. */
interface Start {
  readonly provider: string
  readonly goal: Goal
  /** Whether the page that asks is of another origin than this one, which its site may be, too. */
  readonly isElsewhere: boolean
}

/** Seconds within which the browser must begin. */
const START_LIFE = 300

/** The browser begins what a client that keeps tokens has asked for. */
export async function handleStart(shared: Shared, call: EndpointCall, request: Request): Promise<Response> {
  const { engine } = shared
  try {
    const sealed = new URL(request.url).searchParams.get('flow') ?? ''
    // Nothing else is sealed for this purpose.
    const start = (await engine.unseal('start', sealed)) as Start | null
    if (!start) throw engine.error('OAuthCallbackError', { detail: 'what was to begin was changed, or is too old' })
    // A stranger may have asked for it, and hope that somebody's browser brings them in.
    if (!start.isElsewhere && call.header('sec-fetch-site') === 'cross-site') throw engine.error('UntrustedOrigin')
    return redirectTo(await startHere(shared, start.provider, call, start.goal))
  } catch (error) {
    return call.redirect('/', () => Promise.reject(error))
  }
}

/** What both kinds of client ask for. */
export function readGoal(
  { engine }: Shared,
  { redirectTo: target, popup }: OAuthSignIn,
  call: Call,
): Omit<Goal, 'linkTo'> {
  const { origin } = engine.baseUrl
  return {
    redirectTo: requireShort(engine, target ?? `${origin}/`),
    codeChallenge: null,
    popup:
      popup === undefined ? null : { id: popup, origin: requireTrustedOrigin(engine, call.header('origin') ?? origin) },
  }
}

/** Bytes of an address as JSON: with all that is kept besides, a flow fits into a cookie. */
const MAX_ADDRESS = 1_500

/** @throws AuthError `InvalidInput` */
function requireShort(engine: Shared['engine'], address: string): string {
  if (new TextEncoder().encode(JSON.stringify(address)).length <= MAX_ADDRESS) return address
  throw engine.error('InvalidInput', { fields: ['redirectTo'] })
}

/**
 * The page that the window tells how it ended, with a code if the client keeps tokens. The engine doesn't check where a call with a bearer token
 * comes from: with one of their own, anybody could name their own site here, open the window for somebody else, and be told that person's code.
 *
 * @throws AuthError `UntrustedOrigin`
 */
function requireTrustedOrigin(engine: Shared['engine'], origin: string): string {
  if (!engine.isTrustedOrigin(origin)) throw engine.error('UntrustedOrigin')
  return origin
}
