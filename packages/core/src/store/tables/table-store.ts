import type { TableDriver } from './driver.ts'
import { isStorable } from './cells.ts'
import { openTable } from './open-table.ts'
import type { TableSpec, TableStore } from './table.ts'
import { requireTableName } from './table-name.ts'

/** How many rows are deleted at once by default: few enough that no lock is held for long. */
const DEFAULT_LIMIT = 1_000

interface Opened {
  readonly spec: TableSpec
  readonly driver: TableDriver
}

/**
 * Keeps tables of plug-ins by what a store does for one: for authors of stores.
 *
 * @param open what the store does for the table of this name. Called again for a table that is opened again
 */
export function createTableStore(open: (name: string, spec: TableSpec) => TableDriver): TableStore {
  const opened = new Map<string, Opened>()
  return {
    table: (name, spec) => {
      const driver = open(requireTableName(name), spec)
      opened.set(name, { spec, driver })
      return openTable(spec, driver)
    },
    deleteUser: async (id) => {
      if (!isStorable(id)) return
      for (const { spec, driver } of opened.values()) {
        for (const column of userColumns(spec)) await driver.remove([{ column, is: '=', value: id }], null)
      }
    },
    deleteExpired: async ({ now, limit = DEFAULT_LIMIT }) => {
      let deleted = 0
      for (const { spec, driver } of opened.values()) {
        if (deleted >= limit) break
        if (spec.expires !== null) deleted += await driver.remove([hasExpired(spec.expires, now)], limit - deleted)
      }
      return deleted
    },
  }
}

function userColumns({ columns }: TableSpec): readonly string[] {
  return Object.keys(columns).filter((name) => columns[name]?.references === 'user')
}

/** At this millisecond or before. */
function hasExpired(column: string, now: Date) {
  return { column, is: '<', value: now.getTime() + 1 } as const
}
