import { checkSpec } from './check-spec.ts'
import type { Columns } from './column.ts'
import type { TableSpec } from './table.ts'

type Names<TColumns> = readonly (keyof TColumns & string)[]

/** What {@link table} takes besides the columns. */
export interface TableOptions<TColumns extends Columns, TUnique> {
  /** Which columns identify a row, as one or several keys. The first is the primary key, which rows are ordered by. */
  readonly unique: TUnique
  /** Further columns that rows are looked up by. Those that `unique`, `expires` and users need are made without being named. @default none */
  readonly indexes?: readonly Names<TColumns>[]
  /** A column of instants: once it has passed, the row may be deleted at any time. Rows with null stay. @default none: rows stay */
  readonly expires?: keyof TColumns & string
  /**
   * The migration that creates the table: 2 for one that joined the plug-in's others at its first change.
   *
   * @default 1
   */
  readonly since?: number
}

/**
 * Describes a table of a plug-in.
 *
 * Keys and indexes take at most three columns of text, which is what MySQL can index; columns of a unique key are never null.
 *
 * @throws TypeError if a name, a key or an index is wrong
 * @example table({ user: user(), hash: text(), changedAt: instant() }, { unique: [['user']] })
 */
export function table<
  const TColumns extends Columns,
  const TUnique extends readonly [Names<TColumns>, ...Names<TColumns>[]],
>(columns: TColumns, options: TableOptions<TColumns, TUnique>): TableSpec<TColumns, TUnique> {
  const { unique, indexes = [], expires = null, since = 1 } = options
  const spec = { columns, unique, indexes, expires, since }
  checkSpec(spec)
  return spec
}
