import type { Bearer } from '../bearer/bearer.ts'
import { writeRefreshCookie } from '../bearer/cookie.ts'
import type { RefreshToken } from '../bearer/family.ts'
import { prepareRefresh, type RefreshParams } from '../bearer/refresh.ts'
import { toTokenResponse } from '../bearer/response.ts'
import type { TokenResponse } from '../contract/token-response.ts'
import type { RequestSource } from '../contract/request-source.ts'
import { shapeSession, emitSession } from '../session/shape.ts'
import { publishChange, send } from './outgoing.ts'
import type { RequestEngine } from './engine.ts'

/**
 * Exchanges a refresh token for a token response. Everything that can fail comes before the write: a refresh that failed after it would have
 * consumed the token, and its retry would count as theft.
 */
export async function exchange(
  engine: RequestEngine,
  source: RequestSource,
  bearer: Bearer,
  refresh: RefreshToken,
  params: RefreshParams,
): Promise<TokenResponse<unknown>> {
  const { pair, write } = await prepareRefresh(bearer, refresh, params)
  const session = await shapeSession(engine, pair.identity)
  const response = toTokenResponse(engine.settings, pair, session, params.refreshIn)
  source.checkBody?.(response)
  await write()
  publishChange(engine, pair.identity)
  emitSession(engine, pair.identity, session)
  if (params.refreshIn === 'cookie') send(source, [writeRefreshCookie(engine.settings, pair)])
  return response
}
