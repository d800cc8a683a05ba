import { AuthError } from '../errors.ts'
import { parseEmailAddress } from '../internal/email-address.ts'
import type { UserRow } from '../store/adapter.ts'

interface Addresses {
  readonly getUserByEmail: (email: string) => UserRow | null | PromiseLike<UserRow | null>
}

/**
 * The user who has this address. A database may find a look-alike too (MySQL ignores accents unless it is told not to): that is another
 * mailbox, and whoever reads it must not become this user.
 *
 * @throws AuthError `OAuthAccountNotLinked` for a look-alike: a user of its own couldn't be created beside it
 */
export async function findByAddress(store: Addresses, email: string): Promise<UserRow | null> {
  const row = await store.getUserByEmail(email)
  if (row && normalize(row.email ?? '') !== normalize(email)) throw new AuthError('OAuthAccountNotLinked')
  return row
}

/** What is no address by our rule is compared as it is, but for the case of ASCII letters. */
function normalize(email: string): string {
  return parseEmailAddress(email) ?? email.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
