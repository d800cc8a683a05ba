import type { Engine } from '../config/engine.ts'
import { runCallback } from '../config/run-callbacks.ts'
import { AuthError } from '../errors.ts'
import type { OriginTest } from '../csrf/origin.ts'
import { isWeb, readUrlOrigin } from '../csrf/trusted-origins.ts'

/**
 * Where a redirect goes: as `callbacks.redirect` decides, or {@link safeRedirect} without one.
 *
 * @throws AuthError `CallbackRouteError`
 */
export async function resolveRedirect({ callbacks, settings }: Engine, url: string): Promise<string> {
  const { redirect } = callbacks
  const { baseUrl, isTrustedOrigin } = settings
  if (!redirect) return safeRedirect(url, baseUrl, isTrustedOrigin)
  const target = await runCallback(() => redirect({ url, baseUrl: baseUrl.origin }))
  return requireRedirectTarget(target, isTrustedOrigin)
}

/**
 * Where a redirect may go: a path of the app or a URL on a trusted origin; anything else becomes the app's own address. Compared as
 * a parsed origin, never as a string, so that `//evil`, `/\evil` and `https://app@evil` are what a browser makes of them.
 */
export function safeRedirect(url: string, baseUrl: URL, isTrusted: OriginTest): string {
  const target = URL.canParse(url, baseUrl) ? new URL(url, baseUrl) : baseUrl
  return isTrustedTarget(target, isTrusted) ? target.href : baseUrl.href
}

/** What an app's own `redirect` callback returned must at least be an absolute web address, or on a trusted origin of another scheme. */
export function requireRedirectTarget(url: unknown, isTrusted: OriginTest): string {
  const target = typeof url === 'string' && URL.canParse(url) ? new URL(url) : null
  if (target && isWeb(target)) return target.href
  if (target && isTrustedTarget(target, isTrusted)) return target.href
  throw new AuthError('CallbackRouteError', {
    cause: new Error('callbacks.redirect must return an absolute http(s) URL, or one on a trusted origin'),
  })
}

function isTrustedTarget(target: URL, isTrusted: OriginTest): boolean {
  return isTrusted(readUrlOrigin(target)) && !target.username && !target.password
}
