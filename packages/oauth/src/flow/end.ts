import type { EndpointCall } from '@latchkey/core'
import { redirectTo } from '../addresses.ts'
import { type Arrival, linkAccount, toVerified } from '../person/verified.ts'
import type { Shared } from '../shared.ts'
import { createCode } from './code.ts'
import type { Flow, Goal } from './flow.ts'
import { describeSignIn, type Result, settle, toPopup } from './result.ts'

/** Ends a flow as its goal says, or as it failed. */
export async function endFlow(
  shared: Shared,
  call: EndpointCall,
  { goal }: Flow,
  arrive: () => Promise<Arrival>,
): Promise<Response> {
  const { redirectTo: target, codeChallenge, popup } = goal
  const signIn = async () => call.signIn(toVerified(shared, await arrive()))
  if (isPlain(goal)) return call.redirect(target, signIn)
  const result = await settle(shared, async () => {
    if (codeChallenge !== null) return { status: 'code', code: await createCode(shared, goal, await arrive()) }
    if (goal.linkTo !== null) return linkHere(shared, call, goal.linkTo, await arrive())
    return describeSignIn(await signIn())
  })
  if (popup) return redirectTo(toPopup(shared, popup, result))
  if (codeChallenge !== null) return redirectTo(toClient(target, result))
  const { error } = result
  return call.redirect(target, error === undefined ? undefined : () => Promise.reject(error))
}

/** A sign-in in this very window, with a cookie. */
function isPlain({ linkTo, codeChallenge, popup }: Goal): boolean {
  return linkTo === null && codeChallenge === null && popup === null
}

/** @throws AuthError `AccessDenied` unless the browser is still the person's who began */
async function linkHere(shared: Shared, call: EndpointCall, linkTo: string, arrival: Arrival): Promise<Result> {
  const session = await call.session()
  if (session?.user.id !== linkTo)
    throw shared.engine.error('AccessDenied', { detail: 'the person who began to link an account has signed out' })
  await call.whileSignedIn(() => linkAccount(shared, linkTo, arrival))
  return { status: 'linked' }
}

/** Back to a client that keeps tokens: a code, never a token (RFC 9700 section 4.3). */
function toClient(target: string, { code, kind = 'OAuthCallbackError' }: Result): URL {
  const url = new URL(target)
  for (const name of ['code', 'error']) url.searchParams.delete(name)
  if (code === undefined) url.searchParams.set('error', kind)
  else url.searchParams.set('code', code)
  return url
}
