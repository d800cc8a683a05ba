import { AuthError } from '../errors.ts'

/** The part of a request that tells where it comes from. */
export interface OriginSource {
  readonly method: string | undefined
  readonly header: (name: string) => string | null | undefined
}

/** Whether an origin's pages may make requests with cookies. */
export type OriginTest = (origin: string) => boolean

/** Methods that change nothing (RFC 9110 section 9.2.1). */
export function isSafeMethod(method: string | undefined): boolean {
  return method === undefined || method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

/**
 * Refuses a request that another site's page could have made a browser send. `Origin` decides if it is sent; else Fetch
 * Metadata; else only a content type that no form can send passes. Server code that calls on its own behalf (no method) sends
 * neither, and passes.
 *
 * @throws AuthError `UntrustedOrigin`
 */
export function checkOrigin(source: OriginSource, isTrusted: OriginTest): void {
  if (!isSameSiteRequest(source, isTrusted)) throw new AuthError('UntrustedOrigin')
}

function isSameSiteRequest(source: OriginSource, isTrusted: OriginTest): boolean {
  const origin = source.header('origin')
  if (origin) return isTrusted(origin)
  const site = source.header('sec-fetch-site')
  if (site) return site === 'same-origin' || site === 'none'
  if (source.method === undefined) return true
  return /^application\/json(?:\s*;|$)/i.test(source.header('content-type') ?? '')
}
