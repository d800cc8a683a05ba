import type { UnlinkedAccount } from '../contract/plugin.ts'
import type { Account, AnyUser } from '../contract/user.ts'
import { AuthError } from '../errors.ts'
import type { AccountEngine } from './engine.ts'
import { listNamedAccounts } from './list.ts'
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
  const found = (await listNamedAccounts(adapter, user.id)).find((own) => own.id === id)
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
  await tellPlugins(engine, user.id, account)
  engine.emit('unlinkAccount', { user, account: account as Account }) // its row is what was once linked
}

/** The account is gone already: nothing that fails here brings it back. */
async function tellPlugins(
  { plugins, settings }: AccountEngine,
  userId: string,
  { provider, providerAccountId }: UnlinkedAccount,
): Promise<void> {
  for (const ways of plugins.ways.values()) {
    try {
      await ways.unlinked?.(userId, { provider, providerAccountId })
    } catch (cause) {
      settings.logger.error('what a plug-in keeps of an unlinked account could not be removed', cause)
    }
  }
}
