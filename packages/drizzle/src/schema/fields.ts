/*
 * What the columns of the library's own tables hold, for the types of a schema. A field that may be left out has a default.
 */

/** A user's row. Columns of the app's own stand beside. */
export interface UserFields {
  readonly id: string
  readonly name: string | null
  readonly email: string | null
  readonly emailVerified: Date | null
  readonly image: string | null
}

/** How a user signs in at another service. */
export interface AccountFields {
  readonly provider: string
  readonly providerAccountId: string
  readonly type: string
  readonly userId: string
}

/** A session. Nothing in a row authenticates. */
export interface SessionFields {
  readonly id: string
  /** SHA-256 of what the cookie holds. */
  readonly sessionToken: string
  readonly userId: string
  readonly expires: Date
  readonly createdAt: Date
  readonly lastSeenAt: Date
  readonly userAgent: string | null
  readonly ip: string | null
  readonly claims: unknown
  readonly revision?: number
  readonly generation?: number
  readonly rotatedAt: Date | null
  readonly revokedAt: Date | null
  /** Words with a space between. */
  readonly amr: string | null
}

/** A one-time token. */
export interface VerificationTokenFields {
  readonly identifier: string
  /** SHA-256 of what was sent. */
  readonly token: string
  readonly expires: Date
}

/** The configured name of a table, as a type. */
export type NameOf<TTables, TTable extends string> = TTables extends {
  readonly [K in TTable]: infer TName extends string
}
  ? TName
  : TTable

/** What Drizzle's types know of a column with a type of its own. */
export interface CustomColumn<TTable extends string, TValue, TColumnType extends string, TIsOptional extends boolean> {
  name: string
  tableName: TTable
  dataType: 'custom'
  columnType: TColumnType
  data: NonNullable<TValue>
  driverParam: unknown
  notNull: null extends TValue ? false : true
  hasDefault: TIsOptional
  isPrimaryKey: false
  isAutoincrement: false
  hasRuntimeDefault: false
  enumValues: undefined
  baseColumn: never
  identity: undefined
  generated: undefined
}

/** Whether a member may be left out. */
export type IsOptional<TFields, K extends keyof TFields> = {} extends Pick<TFields, K> ? true : false
