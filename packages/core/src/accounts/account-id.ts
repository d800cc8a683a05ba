import type { Awaitable } from '../internal/types.ts'
import type { AccountKey } from '../store/adapter.ts'
import { hashToken } from '../token/hash.ts'

/** The id that clients have for an account: a digest, so it has one length and doesn't tell the user's id at the service. */
export function toAccountId({ provider, providerAccountId }: AccountKey): Awaitable<string> {
  return hashToken(JSON.stringify([provider, providerAccountId]))
}
