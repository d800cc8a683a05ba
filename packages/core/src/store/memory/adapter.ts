import type { CompleteAdapter } from '../adapter.ts'
import { createPluginTables } from './plugin-tables.ts'
import { sessionMethods } from './sessions.ts'
import { createTables } from './tables.ts'
import { tokenMethods } from './tokens.ts'
import { userMethods } from './users.ts'

/**
 * A store in this process's memory, for tests and for trying things out: everything is gone with the process, and a second process
 * knows nothing of it.
 *
 * @example createAuth({ adapter: memoryAdapter(), … })
 */
export function memoryAdapter(): CompleteAdapter {
  const tables = createTables()
  const plugins = createPluginTables((id) => tables.users.has(id))
  const [users, tokens] = [userMethods(tables), tokenMethods(tables)]
  return {
    ...users,
    ...sessionMethods(tables),
    ...tokens,
    table: plugins.table,
    deleteUser: async (id) => {
      await users.deleteUser(id)
      await plugins.deleteUser(id)
    },
    deleteExpired: async ({ now, limit = 1_000 }) => {
      const deleted = await tokens.deleteExpired({ now, limit })
      return deleted >= limit ? deleted : deleted + (await plugins.deleteExpired({ now, limit: limit - deleted }))
    },
  }
}
