import type { Marker } from '../contract/marker.ts'
import type { Operation } from '../contract/operation.ts'
import { AuthError } from '../errors.ts'
import type { OperationCall } from '../request/call.ts'
import type { RequestEngine } from '../request/engine.ts'
import { accessTokenInput, optionalFields, refreshTokenInput } from './input.ts'
import { own } from './own.ts'
import { refreshPair } from './refresh.ts'

/** For clients that keep tokens. */
export interface TokenOperations {
  /** Exchanges a refresh token for a new pair (RFC 6749 section 6). */
  readonly token: Operation<'mutation', { readonly refreshToken: string }, Marker<'tokens'>>
  /**
   * On a socket: makes this access token, or none, what its further calls are authenticated by. `authLink` calls it when it has
   * refreshed, so that streams on the socket go on.
   */
  readonly presentToken: Operation<
    'mutation',
    { readonly accessToken?: string | null | undefined },
    { presented: boolean }
  >
}

/** For `ctx.auth` and the handler, where the refresh token may be a cookie. */
export interface RefreshOperations {
  /** A new token pair for a refresh token: from the input, or from its cookie if that reaches. May take a patch of claims along. */
  readonly refresh: Operation<'mutation', Marker<'refresh'>, Marker<'tokens'>>
}

/** No origin is asked for: the token is in the input, and no browser adds it by itself. If it is in its cookie, `refreshPair` asks. */
const TOKENS = { type: 'mutation', access: 'public', origin: 'own' } as const

export function tokenOperations({ bearer }: RequestEngine): TokenOperations & RefreshOperations {
  const missing = bearer ? null : 'token: enable bearer tokens with `tokens: { enabled: true }`'
  return {
    token: own({
      ...TOKENS,
      input: refreshTokenInput,
      http: null,
      missing,
      serverName: null,
      run: ({ engine, source }, input) => refreshPair(engine, source, input),
    }),
    presentToken: own({
      ...TOKENS,
      input: accessTokenInput,
      http: null,
      missing,
      serverName: null,
      run: presentToken,
    }),
    refresh: own({
      ...TOKENS,
      input: optionalFields,
      http: { method: 'POST', path: 'token' },
      missing,
      routerName: null,
      run: ({ engine, source }, input) => refreshPair(engine, source, input),
    }),
  }
}

async function presentToken({ source }: OperationCall, { accessToken }: { readonly accessToken: string | null }) {
  if (!source.present)
    throw new AuthError('InvalidInput', { detail: 'presentToken: over HTTP every request carries its own token' })
  await source.present(accessToken)
  return { presented: accessToken !== null }
}
