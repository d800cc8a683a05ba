import type { Engine } from '../config/engine.ts'
import { runCallback } from '../config/run-callbacks.ts'
import { AuthError } from '../errors.ts'
import type { Candidate, Way } from './candidate.ts'
import type { Flow } from './flow.ts'
import { checkRedirectTarget, safeRedirect } from './redirect.ts'

/**
 * Runs the signIn callback: null means yes, a string where to go instead. A client that asked for tokens has no page to be sent elsewhere: it
 * is refused.
 *
 * @throws AuthError `AccessDenied`, `CallbackRouteError`
 */
export async function checkAllowed(
  { callbacks, settings }: Engine,
  { credentials }: Way,
  { user, account, profile }: Candidate,
  { kind }: Flow,
): Promise<string | null> {
  const { signIn: callback, redirect } = callbacks
  if (!callback) return null
  const allowed = await runCallback(() => callback({ user, account, profile, credentials }))
  if (allowed === true) return null
  if (typeof allowed !== 'string' || kind === 'token') throw new AuthError('AccessDenied')
  const { baseUrl, isTrustedOrigin } = settings
  if (!redirect) return safeRedirect(allowed, baseUrl, isTrustedOrigin)
  const target = await runCallback(() => redirect({ url: allowed, baseUrl: baseUrl.origin }))
  return checkRedirectTarget(target, isTrustedOrigin)
}
