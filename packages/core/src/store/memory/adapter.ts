import type { CompleteAdapter } from '../adapter.ts'
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
  return { ...userMethods(tables), ...sessionMethods(tables), ...tokenMethods(tables) }
}
