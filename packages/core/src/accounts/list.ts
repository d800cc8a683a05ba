import type { ExportedAccount } from '../contract/account.ts'
import type { AdapterAccount } from '../store/adapter.ts'
import { toAccountId } from './account-id.ts'
import type { ListingAdapter } from './store.ts'

/** A linked account, with the id that clients have for it. */
export interface NamedAccount {
  readonly id: string
  readonly account: AdapterAccount
}

export async function listNamedAccounts(adapter: ListingAdapter, userId: string): Promise<readonly NamedAccount[]> {
  const accounts = await adapter.listAccounts(userId)
  return Promise.all(accounts.map(async (account) => ({ id: await toAccountId(account), account })))
}

/** What an export says of an account: not the tokens of the service, which some stores keep beside it. */
export function toExportedAccount({ id, account }: NamedAccount): ExportedAccount {
  const { provider, providerAccountId, type, email, createdAt } = account
  return {
    id,
    provider,
    providerAccountId,
    type,
    ...(typeof email === 'string' && { email }),
    ...(createdAt instanceof Date && { createdAt }),
  }
}
