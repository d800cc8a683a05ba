import { type Account, createRandomText } from '@latchkey/core'
import type { ProviderTokens } from '../provider.ts'
import { openParts, sealParts } from '../sealed.ts'
import type { Shared } from '../shared.ts'
import type { TokenRow, Tables } from '../tables.ts'

/** Names a row of tokens. */
export interface TokenKey {
  readonly user: string
  readonly provider: string
  /** The user's id at the provider. */
  readonly subject: string
}

/** What is kept of a provider's tokens, encrypted. */
export interface KeptTokens {
  readonly accessToken: string
  readonly tokenType: string
  readonly refreshToken: string | null
  readonly scope: string
}

const PURPOSE = 'tokens'
/** Seconds. Refresh tokens have no end: the row says how long they are kept. */
const TEN_YEARS = 10 * 365 * 24 * 60 * 60
/** Nobody refreshes them. */
export const IDLE: Date = new Date(0)
/** How often a change of a row is tried while others change it, too. */
const ATTEMPTS = 5

/** The columns of a row that change with its tokens. */
type TokenChanges = Omit<TokenRow, keyof TokenKey | 'busyUntil'>

/** The table of tokens, if the app keeps one and wants them kept. */
export function findTokenTable({ settings, tables }: Shared): Tables['tokens'] | null {
  return settings.storeTokens ? (tables?.tokens ?? null) : null
}

/** Keeps what a provider has just returned for a user. */
export async function saveTokens(
  shared: Shared,
  user: string,
  { provider, providerAccountId: subject }: Account,
  given: ProviderTokens,
): Promise<void> {
  const table = findTokenTable(shared)
  if (!table) return
  const key: TokenKey = { user, provider, subject }
  const tokens = toKept(given, null)
  const row = { ...(await toRow(shared, key, tokens, given)), busyUntil: IDLE }
  if (await table.insert({ ...key, ...row })) return
  if (tokens.refreshToken !== null) {
    await table.update({ ...key }, row)
    return
  }
  // Some providers hand out a refresh token only once: a new sign-in doesn't end it.
  await changeRow(table, key, async (old) => {
    const kept = await openTokens(shared, old)
    // Leaves `busyUntil` alone: while one instance refreshes this token, no other may.
    return toRow(shared, key, { ...tokens, refreshToken: kept?.refreshToken ?? null }, given)
  })
}

/**
 * Changes a row that others may change at the same time. If one of them was faster, reads the row again and starts over.
 *
 * @param change returns what is written; null: nothing
 * @returns the row as it was written; null: nothing was written, or somebody was faster each time
 */
export async function changeRow(
  table: Tables['tokens'],
  key: TokenKey,
  change: (row: TokenRow) => Promise<Partial<TokenRow> | null>,
): Promise<TokenRow | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const row = await table.get({ ...key })
    const changes = row && (await change(row))
    if (!changes) return null
    if ((await table.update({ ...key, version: row.version }, changes)) > 0) return { ...row, ...changes }
  }
  return null
}

/** @param old what goes on if the provider returned no other */
export function toKept(given: ProviderTokens, old: KeptTokens | null): KeptTokens {
  return {
    accessToken: given.access_token,
    tokenType: given.token_type,
    refreshToken: given.refresh_token ?? old?.refreshToken ?? null,
    scope: given.scope ?? old?.scope ?? '',
  }
}

/** The columns of a row for these tokens. The key is sealed with the tokens: in another row they don't open. */
export async function toRow(
  shared: Shared,
  key: TokenKey,
  tokens: KeptTokens,
  { expires_at: end }: Pick<ProviderTokens, 'expires_at'>,
): Promise<TokenChanges> {
  return {
    sealed: await sealParts(shared, PURPOSE, { ...key, tokens }, TEN_YEARS),
    version: createRandomText(16),
    expires: end === undefined ? null : new Date(end * 1_000),
    updatedAt: shared.engine.clock(),
  }
}

/** The tokens of a row; null: they were sealed with a secret that is no longer known, or for another row. */
export async function openTokens(shared: Shared, row: TokenRow): Promise<KeptTokens | null> {
  const opened = await openParts<TokenKey & { readonly tokens: KeptTokens }>(shared, PURPOSE, row.sealed)
  const isItsOwn = opened?.user === row.user && opened.provider === row.provider && opened.subject === row.subject
  return isItsOwn ? opened.tokens : null
}

/** What is kept of a user's tokens, without them. */
export async function exportTokens(shared: Shared, user: string): Promise<Readonly<Record<string, unknown>>> {
  const rows = (await shared.tables?.tokens.list({ where: { user }, limit: 100 })) ?? []
  return { tokens: rows.map(({ provider, subject, updatedAt }) => ({ provider, accountId: subject, updatedAt })) }
}

/** Removes everything that was kept for a user: of one account, or of all. */
export async function removeTokens(shared: Shared, where: Partial<TokenKey> & Pick<TokenKey, 'user'>): Promise<void> {
  await shared.tables?.tokens.remove(where)
}
