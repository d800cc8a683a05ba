import type { Engine } from '../config/engine.ts'
import type { AnyPlugin } from '../contract/plugin.ts'
import { AuthError, configurationError } from '../errors.ts'
import type { Table, TableSpec } from '../store/tables/table.ts'
import { tableName } from '../store/tables/table-name.ts'

/** Opens the tables that a plug-in describes. */
export type OpenTables = (plugin: AnyPlugin) => Readonly<Record<string, Table<TableSpec>>>

/** @throws AuthError `Configuration` (when called) if nothing keeps tables, or two tables have the same name */
export function createTableOpener({ adapter, tables: given }: Engine): OpenTables {
  const store = given ?? adapter
  const owners = new Map<string, string>()
  return ({ id, tables = {}, optionalTables = false }) => {
    const opened: Record<string, Table<TableSpec>> = {}
    if (!store?.table && optionalTables) return opened
    for (const [key, spec] of Object.entries(tables)) {
      if (!store?.table) {
        throw configurationError(
          'adapter',
          `the plug-in "${id}" keeps tables: pass an adapter that keeps some (memoryAdapter(), kyselyAdapter(db)), or \`tables: kyselyTables(db)\``,
        )
      }
      const name = readName(id, key)
      const owner = owners.get(name)
      if (owner !== undefined)
        throw configurationError(`plugins.${id}.tables.${key}`, `the plug-in "${owner}" has a table "${name}" already`)
      owners.set(name, id)
      opened[key] = store.table(name, spec)
    }
    return opened
  }
}

function readName(id: string, key: string): string {
  try {
    return tableName(id, key)
  } catch (cause) {
    const detail = `plugins.${id}.tables.${key}: write its name in camelCase, and shorter if it is long`
    throw new AuthError('Configuration', { detail, cause })
  }
}
