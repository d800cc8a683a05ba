/** What a column holds, whatever the database calls it. */
export type ColumnKind =
  /** Text in a key or an index of the library's own tables. */
  | 'name'
  /** Text in a key or an index of a plug-in's table. */
  | 'key'
  /** Text of any length that describes. */
  | 'text'
  /** Text of any length in a plug-in's table. */
  | 'long'
  /** JSON, kept as text. */
  | 'json'
  /** A 64-bit integer. */
  | 'bigint'
  /** A 32-bit integer. */
  | 'integer'
  | 'boolean'
  /** Milliseconds since 1970. */
  | 'instant'
  /** What Kysely's migrator writes. */
  | 'label'

/** A column, as each database's tables are made from it. */
export interface ColumnShape {
  /** As rows call it: `userId`. */
  readonly field: string
  /** As the database calls it: `user_id`. */
  readonly name: string
  readonly kind: ColumnKind
  readonly isNullable?: boolean
  readonly default?: number
  /** What its foreign key to users is called, if it has one. */
  readonly userKey?: string
  /** A later migration adds it to the table. */
  readonly isAdded?: boolean
}

/** A key or an index: its name, and the columns as rows call them. */
export interface KeyShape {
  readonly name: string
  readonly fields: readonly string[]
}

/** A table, with everything that the migrations of `@latchkey/kysely` give it. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly ColumnShape[]
  readonly primaryKey: KeyShape
  readonly unique: readonly KeyShape[]
  readonly indexes: readonly KeyShape[]
}

/** A table's name without its schema: what the names of its indexes begin with. */
export function bareName(table: string): string {
  return table.slice(table.indexOf('.') + 1)
}
