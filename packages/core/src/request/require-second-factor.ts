import { AuthError } from '../errors.ts'
import { toAccount } from '../sign-in/candidate.ts'
import type { SignInRequest } from '../sign-in/engine.ts'
import { findDueFactors } from '../sign-in/factors.ts'
import type { RequestEngine } from './engine.ts'
import type { SessionLookUp } from './look-up.ts'

/** By what method the session was begun isn't known any more. */
const SESSION = { id: 'session', type: 'credentials' } as const

/**
 * Asks the factors as a sign-in does that has shown what this session has.
 *
 * @param request opens calls without cookies: a remembered device stands for no factor here
 * @throws AuthError `StepUpRequired`
 */
export async function requireSecondFactor(
  engine: RequestEngine,
  { session }: SessionLookUp,
  request: Pick<SignInRequest, 'open'>,
): Promise<void> {
  const user = { ...((await engine.adapter?.getUser?.(session.user.id)) ?? session.user) }
  const signIn = { user, account: toAccount(SESSION, user), amr: session.amr }
  const due = await findDueFactors(engine, signIn, request)
  if (due.length > 0) throw new AuthError('StepUpRequired', { stepUp: { factor: 'mfa' } })
}
