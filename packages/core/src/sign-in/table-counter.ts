import type { AttemptCounter } from '../contract/limits.ts'
import { instant, integer, text } from '../store/tables/column.ts'
import { table } from '../store/tables/define-table.ts'
import type { TableSpec, TableStore } from '../store/tables/table.ts'
import { tableName } from '../store/tables/table-name.ts'

/** The window is part of the key: so counting is one statement in every database. */
const attempts = table(
  { name: text(), window: instant(), count: integer(), endsAt: instant() },
  { unique: [['name', 'window']], expires: 'endsAt' },
)

const ID = 'latchkey'

interface AttemptTables {
  readonly id: string
  readonly tables: { readonly attempts: TableSpec }
}

/**
 * The table that {@link tableCounter} counts in, `latchkey_attempts`, for the migrations.
 *
 * @example await migrateToLatest(db, { plugins: [...plugins, attemptTables] })
 */
export const attemptTables: AttemptTables = { id: ID, tables: { attempts } }

/**
 * Counts attempts in a table, so that all instances on one database share their limits. An attempt is one statement, a refused one
 * too; so is taking it back, or clearing a key after a success. Windows begin on the clock (at 12:00, 12:15, …), so around the change from one window to the
 * next up to twice the limit may pass, for longer if the clocks of instances differ. Rows that have expired are deleted with the sessions'.
 *
 * @param store an adapter that keeps tables: `kyselyAdapter(db)`, or beside another adapter `kyselyTables(db)`
 * @example createAuth({ adapter, limits: { counter: tableCounter(adapter) }, … })
 */
export function tableCounter(store: Pick<TableStore, 'table'>): AttemptCounter {
  const rows = store.table(tableName(ID, 'attempts'), attempts)
  return {
    consume: async (name, { limit, window: length }, now) => {
      const start = now.getTime() - (now.getTime() % length)
      const endsAt = new Date(start + length)
      const row = { name, window: new Date(start), endsAt }
      if ((await rows.incrementWithin({ ...row, count: 1 }, 'count', { max: limit })) === null)
        return { allowed: false, retryAfter: Math.ceil((endsAt.getTime() - now.getTime()) / 1_000) }
      return {
        allowed: true,
        // If the row has been cleared meanwhile, there is nothing to take back.
        undo: async () => void (await rows.incrementWithin({ ...row, count: 0 }, 'count', { by: -1, min: 0 })),
        clear: async () => void (await rows.remove({ name })),
      }
    },
  }
}
