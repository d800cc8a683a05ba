import { runCallback } from '../config/run-callbacks.ts'
import type { WayInfo } from '../contract/account.ts'
import { AuthError } from '../errors.ts'
import type { AccountEngine } from './engine.ts'
import { listNamedAccounts, toExportedAccount } from './list.ts'
import { listsAccounts } from './store.ts'

/** @throws AuthError `LastWayIn` if the user could not sign in without this way */
export async function requireOtherWay(
  engine: AccountEngine,
  userId: string,
  way: Pick<WayInfo, 'id' | 'plugin'>,
): Promise<void> {
  const ways = await listWays(engine, userId)
  if (!ways.some(({ plugin, id }) => plugin !== way.plugin || id !== way.id)) throw new AuthError('LastWayIn')
}

/** Everything that this configuration knows a user to sign in with. What a check of the app's own would accept isn't known. */
export async function listWays(engine: AccountEngine, userId: string): Promise<readonly WayInfo[]> {
  return [...(await listPluginWays(engine, userId)), ...(await listAccountWays(engine, userId))]
}

async function listPluginWays({ plugins }: AccountEngine, userId: string): Promise<readonly WayInfo[]> {
  const ways: WayInfo[] = []
  for (const [plugin, part] of plugins.ways) {
    const own = await runCallback(() => part.list(userId))
    ways.push(...own.map(({ id, type, name, createdAt }) => ({ id, plugin, provider: null, type, name, createdAt })))
  }
  return ways
}

/** Nobody can sign in with an account of a service that is no longer configured. */
async function listAccountWays({ adapter, settings }: AccountEngine, userId: string): Promise<readonly WayInfo[]> {
  const accounts = listsAccounts(adapter) ? await listNamedAccounts(adapter, userId) : []
  const usable = accounts.filter(({ account }) => settings.providers.has(account.provider))
  return usable.map((named) => {
    const { id, provider, type, email = null, createdAt = null } = toExportedAccount(named)
    return { id, plugin: null, provider, type, name: email, createdAt }
  })
}
