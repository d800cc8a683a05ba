import { AuthError } from '../errors.ts'
import type { OriginTest } from '../csrf/origin.ts'

/**
 * Where a redirect may go: a path of the app or a URL on a trusted origin; anything else becomes the app's own address. Compared as
 * a parsed origin, never as a string, so that `//evil`, `/\evil` and `https://app@evil` are what a browser makes of them.
 */
export function safeRedirect(url: string, baseUrl: URL, isTrusted: OriginTest): string {
  const target = URL.canParse(url, baseUrl) ? new URL(url, baseUrl) : baseUrl
  const isWeb = target.protocol === 'https:' || target.protocol === 'http:'
  const isOurs = target.origin === baseUrl.origin || isTrusted(target.origin)
  return isWeb && isOurs && !target.username && !target.password ? target.href : baseUrl.href
}

/** What an app's own `redirect` callback returned must at least be an absolute web address. */
export function checkRedirectTarget(url: unknown): string {
  const target = typeof url === 'string' && URL.canParse(url) ? new URL(url) : null
  if (target?.protocol !== 'https:' && target?.protocol !== 'http:') {
    throw new AuthError('CallbackRouteError', {
      cause: new Error('callbacks.redirect must return an absolute http(s) URL'),
    })
  }
  return target.href
}
