/** A table as the migrations make it. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly ColumnShape[]
  /** The columns of the primary key. */
  readonly primaryKey: readonly string[]
  readonly uniques: readonly IndexShape[]
  readonly indexes: readonly IndexShape[]
  readonly foreignKeys: readonly ForeignKeyShape[]
}

export interface ColumnShape {
  readonly name: string
  /** As the statement says it: `varchar(255) character set utf8mb4 collate utf8mb4_bin`. */
  readonly type: string
  readonly isNullable: boolean
  /** A literal, or null. */
  readonly defaultTo: string | number | null
}

/** An index or a unique key of columns. */
export interface IndexShape {
  readonly name: string
  readonly columns: readonly string[]
  /** Whether it is a constraint of the table, whose index SQLite names by itself. */
  readonly isConstraint: boolean
}

/** A column that refers to the `id` of a table, with `on delete cascade`. */
export interface ForeignKeyShape {
  readonly name: string
  readonly column: string
  readonly table: string
}
