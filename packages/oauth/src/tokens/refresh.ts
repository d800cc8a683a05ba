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
import { changeRow, findTokenTable, IDLE, type KeptTokens, openTokens, toKept, toRow } from './store.ts'

/** Milliseconds for which an instance has the refresh to itself. A provider that takes longer has failed. */
const CLAIM = 10_000

/**
 * Refreshes the tokens of a row. Providers that rotate refresh tokens end all of them if one is used twice: only who has claimed the row may.
 *
 * @returns the row with tokens that work; null: another instance refreshes them, or has
 * @throws AuthError `ProviderTokenExpired`, `OAuthUnavailable`
 */
export async function refresh(
  shared: Shared,
  server: Server,
  row: TokenRow,
  tokens: KeptTokens,
): Promise<TokenRow | null> {
  const { engine } = shared
  const table = findTokenTable(shared)
  const { refreshToken } = tokens
  if (refreshToken === null) throw engine.error('ProviderTokenExpired', { detail: 'there is no refresh token' })
  const now = engine.clock()
  const key = { user: row.user, provider: row.provider, subject: row.subject }
  const claim = { busyUntil: new Date(now.getTime() + CLAIM) }
  const unclaimed = { ...key, version: row.version, busyUntil: { below: now } }
  if (!table || (await table.update(unclaimed, claim)) === 0) return null
  const write = (kept: KeptTokens, given: Pick<ProviderTokens, 'expires_at'>) =>
    changeRow(table, key, async (current) => {
      if (current.version !== row.version) return replaceSpent(shared, current, refreshToken, kept.refreshToken)
      return { ...(await toRow(shared, key, kept, given)), busyUntil: IDLE }
    })
  try {
    const given = await ask(shared, server, refreshToken)
    return await write(toKept(given, tokens), given)
  } catch (thrown) {
    const cause = toSafeCause(thrown)
    if (thrown instanceof ResponseBodyError && thrown.error === 'invalid_grant') {
      const left = await write({ ...tokens, refreshToken: null }, { expires_at: 0 })
      // A sign-in has brought an access token meanwhile.
      if (left && (left.expires === null || left.expires > engine.clock())) return left
      throw engine.error('ProviderTokenExpired', { cause })
    }
    await table.update({ ...key, ...claim }, { busyUntil: IDLE })
    // It may serve for the rest of its life.
    if (row.expires && row.expires > engine.clock()) return row
    throw engine.error('OAuthUnavailable', { cause, detail: `"${row.provider}" refreshes no token` })
  }
}

/** What a refresh changes in a row that a sign-in has written meanwhile: nothing, if that brought a refresh token of its own. */
async function replaceSpent(
  shared: Shared,
  row: TokenRow,
  spent: string,
  next: string | null,
): Promise<Partial<TokenRow> | null> {
  const tokens = await openTokens(shared, row)
  if (tokens?.refreshToken !== spent) return null
  const { user, provider, subject, expires } = row
  const changes = await toRow(shared, { user, provider, subject }, { ...tokens, refreshToken: next }, {})
  // The access token is the one that the sign-in brought, and so is its end.
  return { ...changes, expires, busyUntil: IDLE }
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
