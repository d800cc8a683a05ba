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
  const key = toAccountKey(account)
  const owner = await store.getUserByAccount(key)
  if (owner) return requireSame(owner, user)
  try {
    await store.linkAccount(toLinkRow(account, user.id))
  } catch (error) {
    const winner = await store.getUserByAccount(key)
    if (!winner) throw error
    return requireSame(winner, user)
  }
  engine.emit('linkAccount', { user, account, profile })
}

function requireSame(owner: UserRow, { id }: AnyUser): void {
  if (owner.id !== id) throw new AuthError('OAuthAccountNotLinked')
}
