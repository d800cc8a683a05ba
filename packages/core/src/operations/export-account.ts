import { listNamedAccounts, toExportedAccount } from '../accounts/list.ts'
import { listsAccounts } from '../accounts/store.ts'
import { runCallback } from '../config/run-callbacks.ts'
import type { AccountExport, ExportedAccount } from '../contract/account.ts'
import { AuthError } from '../errors.ts'
import type { OperationCall } from '../request/call.ts'
import { requireOwnLife } from '../request/end-sessions.ts'
import type { RequestEngine } from '../request/engine.ts'
import { listOwnSessions } from './sessions.ts'

/**
 * Everything that is kept of the person who asks.
 *
 * @throws AuthError `SessionRevoked` if their session has ended while it was read: then it may be another person's
 */
export async function exportAccount(call: OperationCall): Promise<AccountExport> {
  const { engine, user, lookUp } = call
  const exported = {
    exportedAt: engine.settings.clock(),
    user: await exportRow(engine, user.id),
    accounts: await exportAccounts(engine, user.id),
    sessions: await listOwnSessions(call),
    plugins: await exportPlugins(engine, user.id),
  }
  await requireOwnLife(engine, lookUp.identity)
  return exported
}

/** An app's own columns may hold the hash of a password: only known ones leave. */
async function exportRow({ adapter, settings }: RequestEngine, userId: string): Promise<AccountExport['user']> {
  const row = await adapter?.getUser?.(userId)
  if (!row) throw new AuthError('NotFound')
  const known = ['id', 'name', 'email', 'emailVerified', 'image', 'roles', 'role', ...settings.claims.keys()]
  return Object.fromEntries(Object.entries(row).filter(([field]) => known.includes(field)))
}

async function exportAccounts({ adapter }: RequestEngine, userId: string): Promise<readonly ExportedAccount[]> {
  return listsAccounts(adapter) ? (await listNamedAccounts(adapter, userId)).map(toExportedAccount) : []
}

async function exportPlugins({ plugins }: RequestEngine, userId: string): Promise<AccountExport['plugins']> {
  const exported: Record<string, Readonly<Record<string, unknown>>> = {}
  for (const [plugin, read] of plugins.exports) exported[plugin] = await runCallback(async () => read(userId))
  return exported
}
