import { configurationError } from '../errors.ts'
import { isLoopback } from '../internal/loopback.ts'
import type { OriginTest } from './origin.ts'

/**
 * Checks `trustedOrigins`.
 *
 * @throws AuthError `Configuration`
 */
export function readTrustedOrigins(entries: readonly string[]): ReadonlySet<string> {
  return new Set(entries.map(readOrigin))
}

/** Whose pages count as ours: `baseUrl`'s own and the trusted ones; in development, with no `baseUrl`, this machine's too. */
export function createOriginTest(baseUrl: URL, trusted: ReadonlySet<string>, trustsLoopback: boolean): OriginTest {
  return (origin) =>
    origin === baseUrl.origin ||
    trusted.has(origin) ||
    (trustsLoopback && URL.canParse(origin) && isLoopback(new URL(origin).hostname))
}

function readOrigin(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null
  if (!url || url.origin !== value.replace(/\/$/, '') || value.includes('*')) {
    throw configurationError(
      'trustedOrigins',
      `"${value}" is no origin: write scheme and host only, e.g. 'https://admin.example.com'`,
    )
  }
  return url.origin
}
