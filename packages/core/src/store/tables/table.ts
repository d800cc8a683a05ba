import type { Column, Columns } from './column.ts'

/** What a table of a plug-in looks like. Made by {@link table}. */
export interface TableSpec<
  TColumns extends Columns = Columns,
  TUnique extends readonly (readonly string[])[] = readonly (readonly string[])[],
> {
  readonly columns: TColumns
  /** The first is the primary key. */
  readonly unique: TUnique
  readonly indexes: readonly (readonly string[])[]
  /** The instant after which a row may be deleted. */
  readonly expires: string | null
  /** The migration that creates the table. */
  readonly since: number
}

type ValueOf<T> = T extends Column<infer TValue> ? TValue : never

/** A row of a table, with all of its columns. (A condition that always holds: editors then write out what it gives, and not its name.) */
export type Row<TSpec extends TableSpec> = TSpec extends unknown
  ? { readonly [K in keyof TSpec['columns']]: ValueOf<TSpec['columns'][K]> }
  : never

/** The columns of one of the table's unique keys: what names a row. */
export type Key<TSpec extends TableSpec> = KeyOf<Row<TSpec>, TSpec['unique']>

// Over a type parameter of its own: only there does a mapped type keep a tuple a tuple.
type KeyOf<TRow, TUnique extends readonly (readonly string[])[]> = {
  [K in keyof TUnique]: Pick<TRow, TUnique[K][number] & keyof TRow>
}[number]

/** The columns of the table's first unique key, which rows are ordered by. */
export type PrimaryKey<TSpec extends TableSpec> = Pick<
  Row<TSpec>,
  TSpec['unique'][0] extends readonly (infer TName)[] ? TName & keyof Row<TSpec> : never
>

/** Which rows are meant: those that fulfil all of the conditions. A condition is a value, null, or a range of a number or an instant. */
export type Where<TSpec extends TableSpec> = { readonly [K in keyof Row<TSpec>]?: Condition<Row<TSpec>[K]> }

type Condition<T> =
  NonNullable<T> extends Date | number
    ? T | Range<NonNullable<T>>
    : NonNullable<T> extends string | boolean
      ? T
      : Extract<T, null>

/** Neither end is in it. */
interface Range<T> {
  readonly below?: T
  readonly above?: T
}

/** The columns that can be counted in. */
export type NumericColumn<TSpec extends TableSpec> = {
  [K in keyof TSpec['columns']]: ValueOf<TSpec['columns'][K]> extends number ? K : never
}[keyof TSpec['columns']]

/** What is added to a number, and the bounds that it stays in. All are whole numbers. */
export interface BoundedStep {
  /** What is added. @default 1 */
  readonly by?: number
  /** The smallest value that the number may get. @default none */
  readonly min?: number
  /** The largest value that the number may get. @default none */
  readonly max?: number
}

/** Which rows are listed. */
export interface ListQuery<TSpec extends TableSpec> {
  /**
   * Which rows: a value, null or a range for each of the columns that matter.
   *
   * @default every row
   */
  readonly where?: Where<TSpec>
  /** At most so many rows. */
  readonly limit: number
  /** Only rows that come after the one with this primary key; the last row of a page will do. @default from the first */
  readonly after?: PrimaryKey<TSpec>
}

/**
 * The rows of a plug-in's table. Each method is one statement with its condition in it, so any number of instances may call it at once.
 *
 * All throw TypeError for a value that its column can't hold, and what the database throws; behind the engine both are the cause of an
 * `AdapterError`.
 */
export interface Table<TSpec extends TableSpec> {
  /**
   * Writes a new row. Throws if the user doesn't exist.
   *
   * @returns false if one of its unique keys is taken: then nothing is written
   */
  readonly insert: (row: Row<TSpec>) => Promise<boolean>
  /** The row with this unique key, or null. */
  readonly get: (key: Key<TSpec>) => Promise<Row<TSpec> | null>
  /** The rows that are meant, in the order of the primary key. */
  readonly list: (query: ListQuery<TSpec>) => Promise<readonly Row<TSpec>[]>
  /**
   * Writes the given columns into all rows that are meant. `where` must not be empty. Throws, and changes nothing, if that would give two
   * rows the same unique key.
   *
   * @returns how many rows were meant
   */
  readonly update: (where: Where<TSpec>, changes: Partial<Row<TSpec>>) => Promise<number>
  /**
   * Deletes the row with this unique key, if it also fulfils `where`.
   *
   * @returns the row; null if there is none. Of many calls at once exactly one gets it
   */
  readonly take: (key: Key<TSpec>, where?: Where<TSpec>) => Promise<Row<TSpec> | null>
  /**
   * Deletes the rows that are meant, at most `limit` of them. `where` must not be empty.
   *
   * @returns how many were deleted
   */
  readonly remove: (where: Where<TSpec>, limit?: number) => Promise<number>
  /**
   * Adds to a number in the row with the primary key of `row`. If there is no such row, writes `row` as it is instead. Only for tables with
   * one unique key (else TypeError).
   *
   * @param by a whole number, by default 1
   * @returns the column's new value. Of many calls at once each gets another
   */
  readonly increment: (row: Row<TSpec>, column: NumericColumn<TSpec>, by?: number) => Promise<number>
  /**
   * Like {@link Table.increment}, unless the sum would leave the bounds: then nothing changes. The question and the addition are one
   * statement, so of a hundred callers at once no more than fit get a number.
   *
   * @param step TypeError if `row` itself is outside of its bounds
   * @returns the column's new value; null if nothing changed
   * @example await uses.incrementWithin({ key, count: 1 }, 'count', { max: 10 })
   */
  readonly incrementWithin: (row: Row<TSpec>, column: NumericColumn<TSpec>, step: BoundedStep) => Promise<number | null>
}

/** Keeps the tables of plug-ins. `memoryAdapter()` and `kyselyAdapter(db)` do; beside an adapter that doesn't, `kyselyTables(db)`. */
export interface TableStore {
  /** Opens a table. Its name begins with the plug-in's id: see {@link tableName}. */
  readonly table: <TSpec extends TableSpec>(name: string, spec: TSpec) => Table<TSpec>
  /** Deletes the rows that refer to a user, in every table that was opened. */
  readonly deleteUser: (id: string) => Promise<void>
  /**
   * Deletes rows that have expired at `now`, in every table that was opened, but at most `limit` (by default 1,000).
   *
   * @returns how many were deleted
   */
  readonly deleteExpired: (params: { readonly now: Date; readonly limit?: number }) => Promise<number>
}
