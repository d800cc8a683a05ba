import type { Engine } from '../config/engine.ts'
import { runCallback } from '../config/run-callbacks.ts'
import { AuthError } from '../errors.ts'
import type { Candidate, SignInMethod } from './candidate.ts'
import type { Flow } from './flow.ts'
import { resolveRedirect } from './redirect.ts'

/**
 * Runs the signIn callback: null admits, a string is where to go instead. A client that asked for tokens has no page to send elsewhere: it
 * is refused.
 *
 * @throws AuthError `AccessDenied`, `CallbackRouteError`
 */
export async function runSignInCallback(
  engine: Engine,
  { credentials }: SignInMethod,
  { user, account, profile }: Candidate,
  { kind }: Flow,
): Promise<string | null> {
  const { signIn: callback } = engine.callbacks
  if (!callback) return null
  const allowed = await runCallback(() => callback({ user, account, profile, credentials }))
  if (allowed === true) return null
  if (typeof allowed !== 'string' || kind === 'token') throw new AuthError('AccessDenied')
  return resolveRedirect(engine, allowed)
}
