/** A value as a store keeps it: an instant as milliseconds since 1970, JSON as text. */
export type Cell = string | number | boolean | null

/** A row, or a part of one, by the names of the table's columns. */
export type Cells = Readonly<Record<string, Cell>>

/** A row as a database's driver reads it: 64-bit integers as text, say, or booleans as numbers. */
export type StoredRow = Readonly<Record<string, unknown>>

/** `=` with null asks for null; `<` and `>` stand with numbers only, and null is neither. Text is equal if every character is. */
export interface CellCondition {
  /** The column's name in rows: {@link columnName} makes the database's of it. */
  readonly column: string
  /** What the column's value is, compared with `value`. */
  readonly is: '=' | '<' | '>'
  /** What it is compared with. */
  readonly value: Cell
}

/** All of them must hold. */
export type Conditions = readonly CellCondition[]

/** Which rows a store lists. */
export interface DriverQuery {
  /** All of them must hold. */
  readonly conditions: Conditions
  /** At most so many rows. */
  readonly limit: number
  /** The primary key after which the rows come, or null for the first rows. */
  readonly after: Cells | null
}

/** The least and the most that a number may become; null: it has no such bound. */
export interface Bounds {
  /** The least. */
  readonly min: number | null
  /** The most. */
  readonly max: number | null
}

/**
 * What a store does for one table. {@link createTableStore} makes the table of it: by then every name and value was checked, and turned
 * into what a database takes. Each method is one statement, or does what one would do.
 */
export interface TableDriver {
  /** False, and nothing is written, if a unique key is taken. Throws if the user doesn't exist. */
  readonly insert: (row: Cells) => Promise<boolean>
  /** The row of a unique key. */
  readonly get: (key: Conditions) => Promise<StoredRow | null>
  /** In the order of the primary key, texts in that of their code points. */
  readonly list: (query: DriverQuery) => Promise<readonly StoredRow[]>
  /** How many rows were meant, also if nothing changed in them. `changes` may be empty. */
  readonly update: (conditions: Conditions, changes: Cells) => Promise<number>
  /** Deletes the row of a unique key that fulfils `conditions` too. Exactly one of many callers gets it. */
  readonly take: (conditions: Conditions) => Promise<StoredRow | null>
  /** How many rows it has deleted; null for no limit. */
  readonly remove: (conditions: Conditions, limit: number | null) => Promise<number>
  /**
   * Adds `by` in the row with the primary key of `row`, or writes `row`. The table has no other unique key. The column's new value; null if
   * the sum would have left the bounds: then nothing changed.
   */
  readonly increment: (row: Cells, column: string, by: number, bounds: Bounds) => Promise<unknown>
}
