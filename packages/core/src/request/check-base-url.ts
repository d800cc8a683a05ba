import type { RequestSource } from '../contract/request-source.ts'
import type { Engine } from '../config/engine.ts'
import { configurationError } from '../errors.ts'
import { isLoopback } from '../internal/loopback.ts'

/**
 * Refuses a request that came over https while `baseUrl` is development's default: the app is deployed without `NODE_ENV`, as Workers and
 * Deno are, and its cookies would lack `Secure`. Headers that a client can write are used for this check only.
 *
 * @throws AuthError `Configuration`
 */
export function checkBaseUrl({ settings, warnOnce }: Engine, source: RequestSource): void {
  if (!settings.isDefaultUrl) return
  const origin = readHttpsOrigin(source)
  if (origin === null) return
  const fix =
    `'${origin}' is reached over https, but baseUrl is development's default, so cookies would not be Secure: ` +
    'set baseUrl or AUTH_URL'
  warnOnce('baseUrl', `baseUrl: ${fix}`)
  throw configurationError('baseUrl', fix)
}

/** The origin that the client sees, if it is https and not on this machine. Other sites' pages are not meant: the origin check refuses them. */
function readHttpsOrigin(source: RequestSource): string | null {
  const { url } = source
  const header = (name: string) => source.header(name)
  const own = url !== undefined && URL.canParse(url) ? new URL(url) : null
  const host = first(header('x-forwarded-host')) ?? first(header('host')) ?? own?.host
  const origin = `https://${host}`
  if (!host || !URL.canParse(origin)) return null
  const isHttps =
    own?.protocol === 'https:' || first(header('x-forwarded-proto')) === 'https' || header('origin') === origin
  return isHttps && !isLoopback(new URL(origin).hostname) ? new URL(origin).origin : null
}

/** What the proxy next to the client wrote, of a list. */
function first(value: string | null | undefined): string | undefined {
  return value?.split(',')[0]?.trim()
}
