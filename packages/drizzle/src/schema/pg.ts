import type { TableNames } from '@latchkey/kysely'
import { type BuildColumns, sql } from 'drizzle-orm'
import {
  customType,
  foreignKey,
  index,
  type PgColumn,
  type PgColumnBuilderBase,
  pgSchema,
  type PgTable,
  pgTable,
  type PgTableWithColumns,
  primaryKey,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
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

type ExtraColumns = Record<string, PgColumnBuilderBase>

/** Which tables there are, and what the app adds to users. */
export interface LatchkeyTablesOptions<
  TTables extends TableNames,
  TColumns extends ExtraColumns,
> extends TablesOptions {
  readonly tables?: TTables | undefined
  /** Columns of the app's own in the table of users. */
  readonly userColumns?: TColumns | undefined
}

type TableOf<TName extends string, TFields, TColumns extends ExtraColumns = {}> = PgTableWithColumns<{
  name: TName
  schema: undefined
  dialect: 'pg'
  columns: {
    [K in keyof TFields & string]-?: PgColumn<CustomColumn<TName, TFields[K], 'PgCustomColumn', IsOptional<TFields, K>>>
  } & BuildColumns<TName, TColumns, 'pg'>
}>

/** The tables as Drizzle knows them. Export each from a file of the app's schema. */
export type LatchkeyTables<TTables extends TableNames, TColumns extends ExtraColumns> = {
  readonly users: TableOf<NameOf<TTables, 'users'>, UserFields, TColumns>
  readonly accounts: TableOf<NameOf<TTables, 'accounts'>, AccountFields>
  readonly sessions: TableOf<NameOf<TTables, 'sessions'>, SessionFields>
  readonly verificationTokens: TableOf<NameOf<TTables, 'verification_tokens'>, VerificationTokenFields>
  /** Those of plug-ins and of migrations, in camelCase: `passwordHashes` for `password_hashes`. */
  readonly [table: string]: PgTable
}

/**
 * The tables of Latchkey for PostgreSQL, exactly as its migrations make them, for an app whose tables drizzle-kit owns.
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

type Columns = Record<string, PgColumn>

/** @param users the table that columns refer to; null for that table itself */
function createTable(shape: TableShape, users: PgTable | null, extra: ExtraColumns = {}): PgTable {
  const builders = Object.fromEntries(shape.columns.map((column) => [column.field, createColumn(shape, column)]))
  const [schema, name] = shape.name.includes('.') ? shape.name.split('.') : [undefined, shape.name]
  // Only the type of the schema's name differs.
  const create = schema === undefined ? pgTable : (pgSchema(schema).table as unknown as typeof pgTable)
  return create(name ?? shape.name, { ...builders, ...extra }, (table) =>
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
  bigint: 'bigint',
  integer: 'integer',
  boolean: 'boolean',
  instant: 'bigint',
  label: 'varchar(255)',
}

function createKeys(shape: TableShape, table: Columns, users: PgTable | null) {
  const of = (fields: readonly string[]) => fields.flatMap((field) => table[field] ?? []) as [PgColumn, ...PgColumn[]]
  const { fields, name } = shape.primaryKey
  const references = shape.columns.filter(({ userKey }) => userKey !== undefined)
  return [
    ...(fields.length > 1 ? [primaryKey({ name, columns: of(fields) })] : []),
    ...shape.unique.map((key) => unique(key.name).on(...of(key.fields))),
    ...shape.indexes.map((key) => index(key.name).on(...of(key.fields))),
    ...(users === null ? [emailIndex(shape, table)] : references.map((column) => userKey(shape, column, table, users))),
  ]
}

/** Unique whatever the case of ASCII letters. */
function emailIndex({ name }: TableShape, { email }: Columns) {
  return uniqueIndex(`${bareName(name)}_email_key`).on(sql`lower(${email} collate "C")`)
}

function userKey(shape: TableShape, column: ColumnShape, table: Columns, users: PgTable) {
  // PostgreSQL names the key of a column that a migration adds.
  const name = column.isAdded ? `${shape.name}_${column.name}_fkey` : column.userKey
  const columns = [table[column.field]] as [PgColumn]
  const foreignColumns = [(users as unknown as Columns)['id']] as [PgColumn]
  return foreignKey({ ...(name !== undefined && { name }), columns, foreignColumns }).onDelete('cascade')
}
