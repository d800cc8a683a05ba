import type { Bearer } from '../bearer/bearer.ts'
import { writeRefreshCookie, refreshCookieName } from '../bearer/cookie.ts'
import { openRefreshToken, refreshPair } from '../bearer/refresh.ts'
import { toTokenResponse } from '../bearer/response.ts'
import type { TokenResponse } from '../bearer/types.ts'
import type { RefreshInput, RequestSource } from '../context.ts'
import { readSessionCookie } from '../cookie/read.ts'
import { checkOrigin } from '../csrf/origin.ts'
import { AuthError } from '../errors.ts'
import { toSeconds } from '../internal/time.ts'
import { toTokenIdentity } from '../session/identity.ts'
import { shapeForClient } from '../session/shape.ts'
import { checkBaseUrl } from './check-base-url.ts'
import { announce, requireWritable, send } from './outgoing.ts'
import type { Rooms } from './rooms.ts'
import { readPatch } from './update.ts'

/**
 * `token` of a request: a new pair for the refresh token in the input, or for the one in its cookie, which is then answered in the
 * same way. A refusal clears nothing: the loser of a race must not wipe the winner's cookie.
 */
export async function refreshHere(
  rooms: Rooms,
  source: RequestSource,
  input: RefreshInput,
): Promise<TokenResponse<unknown>> {
  const { engine, bearer } = rooms
  source.response.noStore()
  checkBaseUrl(engine, source)
  if (!bearer)
    throw new AuthError('NotFound', { detail: 'token: enable bearer tokens with `tokens: { enabled: true }`' })
  const { value, from } = readRefreshToken(rooms, source, input)
  const pair = await refreshPair(bearer, value, await readUpdate(rooms, bearer, value, input.update))
  announce(rooms, pair.identity)
  const session = await shapeForClient(engine, pair.identity)
  if (from === 'cookie') send(source, [writeRefreshCookie(engine.settings, pair)])
  return toTokenResponse(engine.settings, pair, session, from)
}

/** The patch that came with it (J16): only the person's own session is changed, whose refresh token this is. */
async function readUpdate({ engine }: Rooms, bearer: Bearer, value: string, update: unknown) {
  if (update === undefined) return null
  const { token, startedAt } = await openRefreshToken(bearer, value)
  return readPatch(engine, toTokenIdentity(token, toSeconds(startedAt.getTime())), update)
}

function readRefreshToken(
  { engine }: Rooms,
  source: RequestSource,
  { refreshToken: given }: RefreshInput,
): { readonly value: string; readonly from: 'cookie' | 'body' } {
  if (typeof given === 'string' && given !== '') return { value: given, from: 'body' }
  if (given !== undefined) throw new AuthError('InvalidInput')
  const cookie = readSessionCookie(source.header('cookie'), refreshCookieName(engine.settings))
  if (!cookie.value) throw new AuthError('InvalidInput')
  checkOrigin(source, engine.settings.isTrustedOrigin)
  requireWritable(source)
  return { value: cookie.value, from: 'cookie' }
}
