import type { ExportedAccount } from '../contract/account.ts'
import type { AdapterAccount } from '../store/adapter.ts'
import { toAccountId } from './account-id.ts'
import type { ListingAdapter } from './store.ts'

/** A linked account with the name that clients have for it. */
export interface NamedAccount {
  readonly id: string
  readonly account: AdapterAccount
}

export async function listAccounts(adapter: ListingAdapter, userId: string): Promise<readonly NamedAccount[]> {
  const accounts = await adapter.listAccounts(userId)
  return Promise.all(accounts.map(async (account) => ({ id: await toAccountId(account), account })))
}

/** Without the tokens of the service that some stores keep beside it. */
export function toAccountInfo({ id, account }: NamedAccount): ExportedAccount {
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
