import { readRefreshCookie } from '../bearer/cookie.ts'
import type { RefreshIn } from '../bearer/issue.ts'
import { openRefreshToken } from '../bearer/refresh.ts'
import type { TokenResponse } from '../contract/token-response.ts'
import type { RefreshInput } from '../contract/results.ts'
import type { RequestSource } from '../contract/request-source.ts'
import { checkOrigin } from '../csrf/origin.ts'
import { AuthError, invalidInput } from '../errors.ts'
import { checkBaseUrl } from '../request/check-base-url.ts'
import { exchange } from '../request/exchange.ts'
import { requireWritable } from '../request/outgoing.ts'
import type { RequestEngine } from '../request/engine.ts'
import { readPatch } from './update-session.ts'

/**
 * `token` of a request: a new pair for the refresh token in the input, or for the one in its cookie; the new one goes back the
 * same way. A refusal clears nothing: the loser of a race must not wipe the winner's cookie.
 */
export async function refreshPair(
  engine: RequestEngine,
  source: RequestSource,
  input: RefreshInput,
): Promise<TokenResponse<unknown>> {
  const { bearer } = engine
  checkBaseUrl(engine, source)
  if (!bearer) throw new AuthError('NotFound')
  const { value, from } = readRefreshToken(engine, source, input)
  const refresh = await openRefreshToken(bearer, value)
  const { update } = input
  return exchange(engine, source, bearer, refresh, {
    refreshIn: from,
    // Only the person's own session is changed, whose refresh token this is.
    readPatch: async (identity) => (update === undefined ? null : readPatch(engine, identity, update)),
  })
}

function readRefreshToken(
  { settings }: RequestEngine,
  source: RequestSource,
  { refreshToken: given }: RefreshInput,
): { readonly value: string; readonly from: RefreshIn } {
  if (typeof given === 'string' && given !== '') return { value: given, from: 'body' }
  if (given !== undefined) throw invalidInput('refreshToken')
  const value = readRefreshCookie(settings, source.header('cookie'))
  if (!value) throw invalidInput('refreshToken')
  checkOrigin(source, settings.isTrustedOrigin)
  requireWritable(source)
  return { value, from: 'cookie' }
}
