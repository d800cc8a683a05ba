import { type AccountAdapter, findMissingAccountMethod } from '../config/account-methods.ts'
import type { Account } from '../contract/user.ts'
import { configurationError } from '../errors.ts'
import type { AccountKey, Adapter, AdapterAccount } from '../store/adapter.ts'

/** The adapter, as what signing in with accounts needs; null: there is none. @throws AuthError `Configuration` */
export function requireLinking(adapter: Adapter | undefined): AccountAdapter | null {
  if (!adapter) return null
  const missing = findMissingAccountMethod(adapter)
  if (missing) throw configurationError('adapter', `it lacks ${missing}(), which signing in with an account needs`)
  return adapter as AccountAdapter // none of its methods is missing
}

const LISTING_METHODS = ['linkAccount', 'listAccounts', 'unlinkAccount'] as const

/** An adapter that lists the accounts of a user and takes them away. */
export type ListingAdapter = Adapter & Required<Pick<Adapter, (typeof LISTING_METHODS)[number]>>

export function listsAccounts(adapter: Adapter | undefined): adapter is ListingAdapter {
  return LISTING_METHODS.every((method) => typeof adapter?.[method] === 'function')
}

export function toAccountKey({ provider, providerAccountId }: AccountKey): AccountKey {
  return { provider, providerAccountId }
}

/** What a store keeps of an account that is linked. A service's tokens would authenticate there: they aren't handed to it. */
export function toLinkRow(account: Account, userId: string): AdapterAccount {
  return { ...toAccountKey(account), type: account.type, userId }
}
