import type { Server } from '../server/server.ts'
import { requireServer, type Shared } from '../shared.ts'
import type { TokenRow } from '../tables.ts'
import type { AccessTokenQuery, ProviderAccess } from '../types.ts'
import { refresh } from './refresh.ts'
import { findTokenTable, type KeptTokens, openTokens, removeTokens } from './store.ts'

/** Milliseconds before its end at which a token no longer counts: it must outlast the call that it is for. */
const MARGIN = 60_000
/** Milliseconds for which another instance may take to refresh. */
const PATIENCE = 8_000
const PAUSE = 150

/** @throws AuthError `ProviderTokenMissing`, `ProviderTokenExpired`, `OAuthUnavailable` */
export async function getAccess(shared: Shared, query: AccessTokenQuery): Promise<ProviderAccess> {
  const server = requireServer(shared, query.provider)
  const found = await findRow(shared, query)
  const running = shared.refreshing.get(found.version)
  if (running) return running
  const tokens = await requireTokens(shared, found)
  if (isCurrent(shared, found)) return toAccess(found, tokens)
  const run = renew(shared, server, found).finally(() => shared.refreshing.delete(found.version))
  shared.refreshing.set(found.version, run)
  return run
}

/** Refreshes, or waits for the instance that does. */
async function renew(shared: Shared, server: Server, found: TokenRow): Promise<ProviderAccess> {
  const { user, provider, subject } = found
  const until = Date.now() + PATIENCE
  for (let row: TokenRow = found; ; row = await findRow(shared, { userId: user, provider, accountId: subject })) {
    const tokens = await requireTokens(shared, row)
    if (row.version !== found.version && isCurrent(shared, row)) return toAccess(row, tokens)
    const refreshed = await refresh(shared, server, row, tokens)
    if (refreshed) return toAccess(refreshed, await requireTokens(shared, refreshed))
    if (Date.now() > until) throw shared.engine.error('OAuthUnavailable', { detail: 'a refresh takes too long' })
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
}

/** The row of the account, which must still be linked: to unlink it ends the access, too. */
async function findRow(shared: Shared, { userId, provider, accountId }: AccessTokenQuery): Promise<TokenRow> {
  const { engine } = shared
  const where = { user: userId, provider, ...(accountId !== undefined && { subject: accountId }) }
  const rows = (await findTokenTable(shared)?.list({ where, limit: 20 })) ?? []
  for (const row of rows.toSorted((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime())) {
    const owner = await engine.store.getUserByAccount?.({ provider, providerAccountId: row.subject })
    if (owner?.id === userId) return row
    await removeTokens(shared, { user: userId, provider, subject: row.subject })
  }
  throw engine.error('ProviderTokenMissing')
}

async function requireTokens(shared: Shared, row: TokenRow): Promise<KeptTokens> {
  const tokens = await openTokens(shared, row)
  if (tokens) return tokens
  throw shared.engine.error('ProviderTokenExpired', { detail: 'the tokens were sealed with a secret that is gone' })
}

function isCurrent({ engine }: Shared, { expires }: TokenRow): boolean {
  return expires === null || expires.getTime() - engine.clock().getTime() > MARGIN
}

function toAccess({ expires }: TokenRow, { accessToken, scope }: KeptTokens): ProviderAccess {
  return { accessToken, expires, scopes: scope === '' ? [] : scope.split(/[ ,]+/) }
}
