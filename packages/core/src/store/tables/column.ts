/** What a column of a plug-in's table holds. Made by {@link text}, {@link integer} and so on; nothing else reads its members. */
export interface Column<TValue = unknown> {
  readonly kind: 'text' | 'integer' | 'boolean' | 'instant' | 'json'
  readonly nullable: boolean
  /** `'user'`: the id of a user, whose row goes with them. */
  readonly references: 'user' | null
  /** The migration that adds the column; null if the one that creates the table does. */
  readonly since: number | null
  /** A type only: no column has this member. */
  readonly $Value?: TValue
}

/** Columns by the name that rows have for them, in camelCase. */
export interface Columns {
  readonly [name: string]: Column
}

/**
 * Text. In a key or an index it has at most 255 characters and is kept as it is: half of a surrogate pair and NUL, which no database
 * keeps, are refused there (TypeError). In other columns it may have any length, and U+FFFD takes the place of those.
 */
export function text(): Column<string> {
  return column('text')
}

/** A whole number that JavaScript can count with (`Number.isSafeInteger`): a larger one is refused (TypeError). */
export function integer(): Column<number> {
  return column('integer')
}

/** True or false. */
export function boolean(): Column<boolean> {
  return column('boolean')
}

/** A moment, to the millisecond. */
export function instant(): Column<Date> {
  return column('instant')
}

/**
 * A value as JSON keeps it: a Date comes back as text, and a member that is undefined is gone. It can be in no key, index or condition.
 *
 * @example json<{ readonly team: string }>()
 */
export function json<T = unknown>(): Column<T> {
  return column('json')
}

/** The id of a user. Deleting the user deletes the row. */
export function user(): Column<string> {
  return { ...column('text'), references: 'user' }
}

/** What {@link nullable} takes. */
export interface NullableOptions {
  /**
   * The migration that adds the column: `2` for the first that was not in the table from the start, `3` for those of the next change. A
   * migration that has been published stays as it is, so give new columns a new number.
   *
   * @default the migration that creates the table
   */
  readonly since?: number
}

/** The same column, which may also hold null: also in the rows that were there before the column was. */
export function nullable<T>(column: Column<T>, options: NullableOptions = {}): Column<T | null> {
  // Not a spread: $Value, which no column has, is typed without null.
  const { kind, references } = column
  return { kind, references, nullable: true, since: options.since ?? null }
}

function column(kind: Column['kind']): Column<never> {
  return { kind, nullable: false, references: null, since: null }
}
