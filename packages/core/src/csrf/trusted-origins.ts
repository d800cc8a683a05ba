import { configurationError } from '../errors.ts'
import { isLoopback } from '../internal/loopback.ts'
import type { OriginTest } from './origin.ts'
import { readPattern } from './origin-pattern.ts'

/** `trustedOrigins`, checked: those that are compared as they are, and the patterns. */
export interface TrustedOrigins {
  readonly exact: ReadonlySet<string>
  readonly patterns: readonly OriginTest[]
}

/**
 * Checks `trustedOrigins`.
 *
 * @throws AuthError `Configuration`
 */
export function readTrustedOrigins(entries: readonly string[]): TrustedOrigins {
  const isPattern = (entry: string) => entry.includes('*')
  return {
    exact: new Set(entries.filter((entry) => !isPattern(entry)).map(readOrigin)),
    patterns: entries.filter(isPattern).map(readPattern),
  }
}

/** Whose pages count as ours: `baseUrl`'s own and the trusted ones; in development, with no `baseUrl`, this machine's too. */
export function createOriginTest(
  baseUrl: URL,
  { exact, patterns }: TrustedOrigins,
  trustsLoopback: boolean,
): OriginTest {
  const own = new Set([baseUrl.origin, ...exact])
  return (origin) =>
    own.has(origin) ||
    patterns.some((matches) => matches(origin)) ||
    (trustsLoopback && URL.canParse(origin) && isLoopbackPage(new URL(origin)))
}

/** A URL's origin as browsers write it into `Origin`: of what isn't http(s), scheme and host (`URL.origin` is `null` there). */
export function readUrlOrigin(url: URL): string {
  return isWeb(url) ? url.origin : `${url.protocol}//${url.host}`
}

export function isWeb({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:'
}

function isLoopbackPage(url: URL): boolean {
  return isWeb(url) && isLoopback(url.hostname)
}

/** Schemes whose URLs are content, a file or a socket, and no page's origin. */
const NO_ORIGIN = new Set('javascript data vbscript blob file filesystem about ws wss'.split(' '))

function readOrigin(entry: string): string {
  const origin = entry.replace(/\/$/, '')
  if (/^https?:/i.test(origin)) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) return origin
  } else {
    const scheme = /^([a-z][a-z\d+.-]*):\/\/[^\s/\\?#@]+$/.exec(origin)?.[1]
    if (scheme && !NO_ORIGIN.has(scheme)) return origin
  }
  throw configurationError(
    'trustedOrigins',
    `"${entry}" is no origin: write scheme and host only, e.g. 'https://admin.example.com' or 'capacitor://localhost'`,
  )
}
