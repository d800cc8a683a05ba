import { AuthError, isAuthError } from '../errors.ts'
import { resolveRedirect, safeRedirect } from '../sign-in/redirect.ts'
import type { RequestEngine } from './engine.ts'
import type { AnySignInResult } from './sign-in.ts'

/** A redirect of a plug-in's endpoint, after a sign-in if there is one to run. It never throws: what goes wrong ends on the app's page for errors. */
export async function redirectAfter(
  engine: RequestEngine,
  to: string,
  run: (() => Promise<unknown>) | undefined,
): Promise<Response> {
  try {
    const target = await resolveRedirect(engine, to)
    // What a sign-in returns is known to a configuration only: a plug-in has handed on what it got.
    const result = run ? ((await run()) as AnySignInResult) : null
    return redirect(result ? locate(engine, result, target) : target)
  } catch (error) {
    engine.logFailure(error)
    return redirect(locateError(engine, error))
  }
}

/** 303: whatever the method was, the next request is a GET (RFC 9110, 15.4.4; RFC 9700, 4.12). */
function redirect(location: string): Response {
  return new Response(null, { status: 303, headers: { location, 'referrer-policy': 'no-referrer' } })
}

function locate(engine: RequestEngine, result: AnySignInResult, target: string): string {
  if (result.status === 'redirect' && 'url' in result) return result.url
  if (result.status === 'challenge' && 'challenge' in result) {
    const { challenge, expiresIn, factors } = result
    const { pages } = engine.settings
    const url = new URL(pages.challenge === null ? target : locatePage(engine, pages.challenge))
    url.hash = new URLSearchParams({ challenge, expiresIn: String(expiresIn), factors: factors.join(',') }).toString()
    return url.href
  }
  if (result.status === 'signedIn') return target
  throw new AuthError('CallbackRouteError', {
    cause: new Error(`an endpoint can't answer "${result.status}" by a redirect`),
  })
}

function locateError(engine: RequestEngine, error: unknown): string {
  const url = new URL(locatePage(engine, engine.settings.pages.error))
  url.searchParams.set('error', isAuthError<string>(error) ? error.kind : 'CallbackRouteError')
  return url.href
}

function locatePage({ settings: { baseUrl, isTrustedOrigin } }: RequestEngine, page: string): string {
  return safeRedirect(page, baseUrl, isTrustedOrigin)
}
