import type { TableNames } from '@latchkey/kysely'
import { type BuildColumns, sql } from 'drizzle-orm'
import {
  customType,
  foreignKey,
  index,
  type SQLiteColumn,
  type SQLiteColumnBuilderBase,
  type SQLiteTable,
  sqliteTable,
  type SQLiteTableWithColumns,
  primaryKey,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'
import { describeTables, type TablesOptions } from './describe-tables.ts'
import type {
  AccountFields,
  CustomColumn,
  IsOptional,
  NameOf,
  SessionFields,
  UserFields,
  VerificationTokenFields,
} from './fields.ts'
import { bareName, type ColumnKind, type ColumnShape, type TableShape } from './shape.ts'
import { conversionOf } from './values.ts'

export type { PluginTables, TablesOptions } from './describe-tables.ts'
// Declarations of an app that exports the tables name these.
export type { AccountFields, CustomColumn, SessionFields, UserFields, VerificationTokenFields } from './fields.ts'

type ExtraColumns = Record<string, SQLiteColumnBuilderBase>

/** Which tables there are, and what the app adds to users. */
export interface LatchkeyTablesOptions<
  TTables extends TableNames,
  TColumns extends ExtraColumns,
> extends TablesOptions {
  readonly tables?: TTables | undefined
  /** Columns of the app's own in the table of users. */
  readonly userColumns?: TColumns | undefined
}

type TableOf<TName extends string, TFields, TColumns extends ExtraColumns = {}> = SQLiteTableWithColumns<{
  name: TName
  schema: undefined
  dialect: 'sqlite'
  columns: {
    [K in keyof TFields & string]-?: SQLiteColumn<
      CustomColumn<TName, TFields[K], 'SQLiteCustomColumn', IsOptional<TFields, K>>
    >
  } & BuildColumns<TName, TColumns, 'sqlite'>
}>

/** The tables as Drizzle knows them. Export each from a file of the app's schema. */
export type LatchkeyTables<TTables extends TableNames, TColumns extends ExtraColumns> = {
  readonly users: TableOf<NameOf<TTables, 'users'>, UserFields, TColumns>
  readonly accounts: TableOf<NameOf<TTables, 'accounts'>, AccountFields>
  readonly sessions: TableOf<NameOf<TTables, 'sessions'>, SessionFields>
  readonly verificationTokens: TableOf<NameOf<TTables, 'verification_tokens'>, VerificationTokenFields>
  /** Those of plug-ins and of migrations, in camelCase: `passwordHashes` for `password_hashes`. */
  readonly [table: string]: SQLiteTable
}

/**
 * The tables of Latchkey for SQLite, exactly as its migrations make them, for an app whose tables drizzle-kit owns.
 *
 * drizzle-kit sees only what a file exports: export each of the tables by its name.
 *
 * @throws TypeError if two plug-ins have one id
 * @example export const { users, accounts, sessions, verificationTokens, latchkeyChallenges, latchkeyMigration } = latchkeyTables()
 */
export function latchkeyTables<const TTables extends TableNames = {}, TColumns extends ExtraColumns = {}>(
  options: LatchkeyTablesOptions<TTables, TColumns> = {},
): LatchkeyTables<TTables, TColumns> {
  const { core, others } = describeTables(options)
  const users = createTable(core.users, null, options.userColumns)
  const rest = [
    ['accounts', core.accounts],
    ['sessions', core.sessions],
    ['verificationTokens', core.verification_tokens],
    ...others,
  ] as const
  const tables = Object.fromEntries(rest.map(([key, shape]) => [key, createTable(shape, users)]))
  // The columns are those of the shapes, which a test holds against these types.
  return { ...tables, users } as unknown as LatchkeyTables<TTables, TColumns>
}

type Columns = Record<string, SQLiteColumn>

/** @param users the table that columns refer to; null for that table itself */
function createTable(shape: TableShape, users: SQLiteTable | null, extra: ExtraColumns = {}): SQLiteTable {
  const builders = Object.fromEntries(shape.columns.map((column) => [column.field, createColumn(shape, column)]))
  return sqliteTable(shape.name, { ...builders, ...extra }, (table) =>
    createKeys(shape, table as unknown as Columns, users),
  )
}

function createColumn({ primaryKey: { fields } }: TableShape, { field, name, kind, ...column }: ColumnShape) {
  const builder = customType<{ data: unknown }>({ dataType: () => TYPES[kind], ...conversionOf(kind) })(name)
  if (!column.isNullable) builder.notNull()
  if (column.default !== undefined) builder.default(column.default)
  return fields.length === 1 && fields[0] === field ? builder.primaryKey() : builder
}

const TYPES: Readonly<Record<ColumnKind, string>> = {
  name: 'text',
  key: 'text',
  text: 'text',
  long: 'text',
  json: 'text',
  bigint: 'integer',
  integer: 'integer',
  boolean: 'integer',
  instant: 'integer',
  // As drizzle-kit reads varchar(255).
  label: 'text(255)',
}

function createKeys(shape: TableShape, table: Columns, users: SQLiteTable | null) {
  const of = (fields: readonly string[]) =>
    fields.flatMap((field) => table[field] ?? []) as [SQLiteColumn, ...SQLiteColumn[]]
  const { fields } = shape.primaryKey
  const references = shape.columns.filter(({ userKey }) => userKey !== undefined)
  return [
    ...(fields.length > 1 ? [primaryKey({ columns: of(fields) })] : []),
    ...shape.unique.map((key) => uniqueIndex(key.name).on(...of(key.fields))),
    ...shape.indexes.map((key) => index(key.name).on(...of(key.fields))),
    ...(users === null ? [emailIndex(shape, table)] : references.map((column) => userKey(column, table, users))),
  ]
}

/** Unique whatever the case of ASCII letters. */
function emailIndex({ name }: TableShape, { email }: Columns) {
  return uniqueIndex(`${bareName(name)}_email_key`).on(sql`lower(${email})`)
}

/** SQLite's keys have no names that a tool could read. */
function userKey(column: ColumnShape, table: Columns, users: SQLiteTable) {
  const columns = [table[column.field]] as [SQLiteColumn]
  const foreignColumns = [(users as unknown as Columns)['id']] as [SQLiteColumn]
  return foreignKey({ columns, foreignColumns }).onDelete('cascade')
}
