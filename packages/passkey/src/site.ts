import { configurationError } from '@latchkey/core'
import type { Shared } from './shared.ts'

/** Whom passkeys are for (WebAuthn's relying party), and where responses may come from. */
export interface Site {
  readonly rpId: string
  readonly rpName: string
  readonly isExpected: (origin: string) => boolean
}

/**
 * Read from the configuration alone: a request's `Host` header is whatever its sender writes.
 *
 * @throws AuthError `Configuration`
 */
export function readSite({ settings, engine }: Shared): Site {
  const { hostname } = engine.baseUrl
  const rpId = settings.rpId ?? hostname
  if (isIpAddress(hostname))
    throw configurationError('baseUrl', `a passkey belongs to a domain, and ${hostname} is none: use http://localhost`)
  if (hostname !== rpId && !hostname.endsWith(`.${rpId}`))
    throw configurationError(
      'passkey.rpId',
      `"${rpId}" is neither the host of baseUrl ("${hostname}") nor a parent of it`,
    )
  return {
    rpId,
    rpName: settings.rpName ?? rpId,
    isExpected: (origin) => settings.origins.has(origin) || engine.isTrustedOrigin(origin),
  }
}

/** As `URL` writes a host: in brackets, or with a number as its last label. */
function isIpAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d+$/.test(hostname.split('.').at(-1) ?? '')
}
