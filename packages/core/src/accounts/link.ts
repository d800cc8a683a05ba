import type { AccountAdapter } from '../config/account-methods.ts'
import type { Engine } from '../config/engine.ts'
import type { Account, AnyUser, Profile } from '../contract/user.ts'
import { AuthError, configurationError } from '../errors.ts'
import type { UserRow } from '../store/adapter.ts'
import { requireLinking, toAccountKey, toLinkRow } from './store.ts'

/**
 * Links an account to a user of the store; again to the same user changes nothing.
 *
 * @throws AuthError `OAuthAccountNotLinked` if it is another user's
 */
export async function linkAccount(
  engine: Engine,
  user: AnyUser,
  account: Account,
  profile: Profile | null,
): Promise<void> {
  const store = requireLinking(engine.adapter)
  if (!store) throw configurationError('adapter', 'accounts are linked in a store: pass an adapter')
  const owner = await store.getUserByAccount(toAccountKey(account))
  if (owner) return requireSame(owner, user.id)
  if (await writeLink(store, account, user.id)) engine.emit('linkAccount', { user, account, profile })
}

/**
 * Writes that an account is a user's.
 *
 * @returns false if it was there already: another call was faster, or this one's response was lost
 * @throws AuthError `OAuthAccountNotLinked` if it is another user's
 */
export async function writeLink(store: AccountAdapter, account: Account, userId: string): Promise<boolean> {
  try {
    await store.linkAccount(toLinkRow(account, userId))
    return true
  } catch (error) {
    const winner = await store.getUserByAccount(toAccountKey(account))
    if (!winner) throw error
    requireSame(winner, userId)
    return false
  }
}

function requireSame(owner: UserRow, userId: string): void {
  if (owner.id !== userId) throw new AuthError('OAuthAccountNotLinked')
}
