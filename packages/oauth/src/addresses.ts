import type { Shared } from './shared.ts'

/** A URL under `basePath`, at the origin of `baseUrl` or at another. Never taken from a request. */
export function toUrl({ engine }: Pick<Shared, 'engine'>, path: string, origin?: string): URL {
  return new URL(`${engine.basePath}/${path}`, origin ?? engine.baseUrl.origin)
}

/** The redirect URI that is registered at the provider, which compares it exactly (RFC 9700 section 4.1.3). */
export function toRedirectUri(shared: Pick<Shared, 'engine' | 'settings'>, provider: string): string {
  return toUrl(shared, `callback/${provider}`, shared.settings.callbackOrigin ?? undefined).href
}

/** Whether an absolute URL is the app's own, or on a trusted origin of any scheme. */
export function isTrustedUrl({ engine }: Pick<Shared, 'engine'>, text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  // A URL of another scheme has no origin to the platform.
  const origin = isWeb ? url.origin : `${url.protocol}//${url.host}`
  return !url.username && !url.password && engine.isTrustedOrigin(origin)
}

/** 303: the next request is a GET, whatever this one was (RFC 9700 section 4.12). */
export function redirectTo(url: URL | string): Response {
  const location = typeof url === 'string' ? url : url.href
  return new Response(null, { status: 303, headers: { location, 'referrer-policy': 'no-referrer' } })
}
