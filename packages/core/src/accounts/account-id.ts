import type { Awaitable } from '../internal/types.ts'
import type { AccountKey } from '../store/adapter.ts'
import { hashToken } from '../token/hash.ts'

/** What clients name an account by: of one length, and without the user's id at the service. */
export function toAccountId({ provider, providerAccountId }: AccountKey): Awaitable<string> {
  return hashToken(JSON.stringify([provider, providerAccountId]))
}
