import {
  allowInsecureRequests,
  customFetch,
  processRefreshTokenResponse,
  refreshTokenGrantRequest,
  ResponseBodyError,
} from 'oauth4webapi'
import { readTokenResponse, withEnd } from '../grant/redeem.ts'
import type { ProviderTokens } from '../provider.ts'
import { toSafeCause } from '../server/safe-cause.ts'
import type { Server } from '../server/server.ts'
import type { Shared } from '../shared.ts'
import type { TokenRow } from '../tables.ts'
import { IDLE, findTokenTable, type KeptTokens, toKept, toRow } from './store.ts'

/** A row as it was written, with its tokens. */
export interface Refreshed {
  readonly row: TokenRow
  readonly tokens: KeptTokens
}

/** Milliseconds for which an instance has the refresh to itself. A provider that takes longer has failed. */
const CLAIM = 10_000

/**
 * Refreshes the tokens of a row. Providers that rotate refresh tokens end all of them if one is used twice: only who has claimed the row may.
 *
 * @returns null: another instance refreshes them, or has
 * @throws AuthError `ProviderTokenExpired`, `OAuthUnavailable`
 */
export async function refresh(
  shared: Shared,
  server: Server,
  row: TokenRow,
  tokens: KeptTokens,
): Promise<Refreshed | null> {
  const { engine } = shared
  const table = findTokenTable(shared)
  const { refreshToken } = tokens
  if (refreshToken === null) throw engine.error('ProviderTokenExpired', { detail: 'there is no refresh token' })
  const now = engine.clock()
  const key = { user: row.user, provider: row.provider, subject: row.subject }
  const as = { ...key, version: row.version }
  const claim = { busyUntil: new Date(now.getTime() + CLAIM) }
  if (!table || (await table.update({ ...as, busyUntil: { below: now } }, claim)) === 0) return null
  const write = async (kept: KeptTokens, given: Pick<ProviderTokens, 'expires_at'>) => {
    const changes = await toRow(shared, key, kept, given)
    // None: the person has signed in there meanwhile, and what that brought counts.
    return (await table.update(as, changes)) === 0 ? null : { row: { ...key, ...changes }, tokens: kept }
  }
  try {
    const given = await ask(shared, server, refreshToken)
    return await write(toKept(given, tokens), given)
  } catch (thrown) {
    const cause = toSafeCause(thrown)
    if (thrown instanceof ResponseBodyError && thrown.error === 'invalid_grant') {
      await write({ ...tokens, refreshToken: null }, { expires_at: 0 })
      throw engine.error('ProviderTokenExpired', { cause })
    }
    await table.update(as, { busyUntil: IDLE })
    // It may serve for the rest of its life.
    if (row.expires && row.expires > engine.clock()) return { row, tokens }
    throw engine.error('OAuthUnavailable', { cause, detail: `"${row.provider}" refreshes no token` })
  }
}

async function ask(shared: Shared, server: Server, refreshToken: string): Promise<ProviderTokens> {
  const metadata = await server.metadata()
  const client = server.client()
  const sent = await refreshTokenGrantRequest(metadata, client, await server.authenticate(), refreshToken, {
    [allowInsecureRequests]: true, // as in redeem(): the fetch decides
    [customFetch]: (url, { method, headers, body }) => server.fetch(url, { method, headers, body }),
    additionalParameters: { ...server.provider.tokenParams },
  })
  // An id_token that comes along says nothing new.
  const response = await readTokenResponse(server, sent, true)
  return withEnd(await processRefreshTokenResponse(metadata, client, response), shared.engine.clock())
}
