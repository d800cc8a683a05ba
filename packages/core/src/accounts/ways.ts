import { runCallback } from '../config/run-callbacks.ts'
import { AuthError } from '../errors.ts'
import type { AccountEngine } from './engine.ts'
import { toAccountId } from './account-id.ts'
import { listsAccounts } from './store.ts'

/** Names a way to sign in: of a plug-in's, or a linked account (`plugin` null). */
export interface WayName {
  readonly plugin: string | null
  readonly id: string
}

/** @throws AuthError `LastWayIn` if the user could not sign in without this way */
export async function requireOtherWay(engine: AccountEngine, userId: string, way: WayName): Promise<void> {
  const ways = await listWays(engine, userId)
  const isOther = ({ plugin, id }: WayName) => plugin !== way.plugin || id !== way.id
  if (!ways.some(isOther)) throw new AuthError('LastWayIn')
}

/** Everything that this configuration knows a user to sign in with. What a check of the app's own would accept isn't known. */
async function listWays(engine: AccountEngine, userId: string): Promise<readonly WayName[]> {
  const { adapter, settings, plugins } = engine
  const ways: WayName[] = []
  for (const [plugin, part] of plugins.ways) {
    const own = await runCallback(() => part.list(userId))
    ways.push(...own.map(({ id }) => ({ plugin, id })))
  }
  const accounts = listsAccounts(adapter) ? await adapter.listAccounts(userId) : []
  // Nobody can sign in with an account of a service that is no longer configured.
  const usable = accounts.filter(({ provider }) => settings.providers.has(provider))
  for (const account of usable) ways.push({ plugin: null, id: await toAccountId(account) })
  return ways
}
