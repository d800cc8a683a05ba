import type { Account, AnyUser } from '../contract/user.ts'
import { AuthError } from '../errors.ts'
import type { AccountEngine } from './engine.ts'
import { listAccounts } from './list.ts'
import { listsAccounts } from './store.ts'
import { requireOtherWay } from './ways.ts'

/**
 * Takes a linked account away from its user.
 *
 * @throws AuthError `NotFound` if this user has no such account, `LastWayIn` if they could not sign in without it
 */
export async function unlinkAccount(engine: AccountEngine, user: AnyUser, id: string): Promise<void> {
  const { adapter } = engine
  if (!listsAccounts(adapter)) throw new AuthError('NotFound', { detail: 'accounts: the adapter lacks listAccounts()' })
  const found = (await listAccounts(adapter, user.id)).find((own) => own.id === id)
  if (!found) throw new AuthError('NotFound')
  const { account } = found
  const way = { plugin: null, id }
  await requireOtherWay(engine, user.id, way)
  await adapter.unlinkAccount(account)
  try {
    // Of two ways that are removed at the same moment each found the other.
    await requireOtherWay(engine, user.id, way)
  } catch (error) {
    await adapter.linkAccount(account)
    throw error
  }
  engine.emit('unlinkAccount', { user, account: account as Account }) // its row is what was once linked
}
