import type { Server } from '../server/server.ts'
import { requireServer, type Shared } from '../shared.ts'
import type { TokenRow } from '../tables.ts'
import { refresh } from './refresh.ts'
import { findTokenTable, type KeptTokens, openTokens, removeTokens } from './store.ts'

/** Whose access to which provider. */
export interface AccessTokenQuery {
  /** The user, as the app's own store knows them. */
  readonly userId: string
  /** The provider's id. */
  readonly provider: string
  /** The user's id at the provider, if they may have linked several accounts there. @default the one that was used last */
  readonly accountId?: string | undefined
}

/** What calls the provider's API for a user. */
export interface ProviderAccess {
  /** Sent as `Authorization: Bearer …`. It never belongs into a browser. */
  readonly accessToken: string
  /** Null: the provider doesn't say. */
  readonly expires: Date | null
  /** What the provider says that it may do; empty if it doesn't say. */
  readonly scopes: readonly string[]
}

/** Functions for the server alone: `auth.accounts.*`. */
export interface OAuthAccounts<TId extends string = string> {
  /**
   * A provider's access token for a user, refreshed if it has expired or will within a minute. Of many calls at once one asks the provider, also
   * in several instances.
   *
   * @throws AuthError `ProviderTokenMissing` if the person has no such account linked, or nothing was kept of it; `ProviderTokenExpired` if
   * the provider wants the person again (send them through `oauth.link`, or a sign-in); `OAuthUnavailable` if it can't be reached
   *
   * @example
   * const { accessToken } = await auth.accounts.accessToken({ userId: ctx.session.user.id, provider: 'google' })
   */
  readonly accessToken: (query: AccessTokenQuery & { readonly provider: TId }) => Promise<ProviderAccess>
}

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
    if (refreshed) return toAccess(refreshed.row, refreshed.tokens)
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
