import type { Engine } from '../config/engine.ts'
import { AuthError } from '../errors.ts'

/** Tokens are for the app that made them (RFC 8725 section 3.9), even if two of them share a secret by mistake. */
export function verifyAudience(
  { settings }: Engine,
  claims: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { iss, aud, ...rest } = claims
  const { origin } = settings.baseUrl
  if (iss !== origin || aud !== origin)
    throw new AuthError('InvalidToken', { cause: new Error('made for another app') })
  return rest
}
