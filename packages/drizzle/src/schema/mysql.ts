import type { TableNames } from '@latchkey/kysely'
import type { BuildColumns } from 'drizzle-orm'
import {
  customType,
  foreignKey,
  index,
  type MySqlColumn,
  type MySqlColumnBuilderBase,
  mysqlSchema,
  type MySqlTable,
  mysqlTable,
  type MySqlTableWithColumns,
  primaryKey,
  unique,
} from 'drizzle-orm/mysql-core'
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

type ExtraColumns = Record<string, MySqlColumnBuilderBase>

/** Which tables there are, and what the app adds to users. */
export interface LatchkeyTablesOptions<
  TTables extends TableNames,
  TColumns extends ExtraColumns,
> extends TablesOptions {
  readonly tables?: TTables | undefined
  /** Columns of the app's own in the table of users. */
  readonly userColumns?: TColumns | undefined
}

type TableOf<TName extends string, TFields, TColumns extends ExtraColumns = {}> = MySqlTableWithColumns<{
  name: TName
  schema: undefined
  dialect: 'mysql'
  columns: {
    [K in keyof TFields & string]-?: MySqlColumn<
      CustomColumn<TName, TFields[K], 'MySqlCustomColumn', IsOptional<TFields, K>>
    >
  } & BuildColumns<TName, TColumns, 'mysql'>
}>

/** The tables as Drizzle knows them. Export each from a file of the app's schema. */
export type LatchkeyTables<TTables extends TableNames, TColumns extends ExtraColumns> = {
  readonly users: TableOf<NameOf<TTables, 'users'>, UserFields, TColumns>
  readonly accounts: TableOf<NameOf<TTables, 'accounts'>, AccountFields>
  readonly sessions: TableOf<NameOf<TTables, 'sessions'>, SessionFields>
  readonly verificationTokens: TableOf<NameOf<TTables, 'verification_tokens'>, VerificationTokenFields>
  /** Those of plug-ins and of migrations, in camelCase: `passwordHashes` for `password_hashes`. */
  readonly [table: string]: MySqlTable
}

/**
 * The tables of Latchkey for MySQL and MariaDB, exactly as its migrations make them, for an app whose tables drizzle-kit owns.
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

type Columns = Record<string, MySqlColumn>

/** @param users the table that columns refer to; null for that table itself */
function createTable(shape: TableShape, users: MySqlTable | null, extra: ExtraColumns = {}): MySqlTable {
  const columns = Object.fromEntries(shape.columns.map((column) => [column.field, createColumn(shape, column)]))
  const builders = users === null ? { ...columns, emailKey: createEmailKey() } : columns
  const [schema, name] = shape.name.includes('.') ? shape.name.split('.') : [undefined, shape.name]
  // Only the type of the schema's name differs.
  const create = schema === undefined ? mysqlTable : (mysqlSchema(schema).table as unknown as typeof mysqlTable)
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

/** What tells people apart is compared byte by byte. */
const BINARY = 'character set utf8mb4 collate utf8mb4_bin'

const TYPES: Readonly<Record<ColumnKind, string>> = {
  name: `varchar(255) ${BINARY}`,
  key: `varchar(255) ${BINARY}`,
  text: `text ${BINARY}`,
  long: `mediumtext ${BINARY}`,
  json: `mediumtext ${BINARY}`,
  bigint: 'bigint',
  integer: 'int',
  boolean: 'boolean',
  instant: 'bigint',
  label: 'varchar(255)',
}

function createKeys(shape: TableShape, table: Columns, users: MySqlTable | null) {
  const of = (fields: readonly string[]) =>
    fields.flatMap((field) => table[field] ?? []) as [MySqlColumn, ...MySqlColumn[]]
  const { fields, name } = shape.primaryKey
  const references = shape.columns.filter(({ userKey }) => userKey !== undefined)
  return [
    ...(fields.length > 1 ? [primaryKey({ name, columns: of(fields) })] : []),
    ...shape.unique.map((key) => unique(key.name).on(...of(key.fields))),
    ...shape.indexes.map((key) => index(key.name).on(...of(key.fields))),
    ...(users === null
      ? [unique(`${bareName(shape.name)}_email_key`).on(...of(['emailKey']))]
      : references.map((column) => userKey(column, table, users))),
  ]
}

function userKey(column: ColumnShape, table: Columns, users: MySqlTable) {
  const columns = [table[column.field]] as [MySqlColumn]
  const foreignColumns = [(users as unknown as Columns)['id']] as [MySqlColumn]
  const key = foreignKey({ ...(column.userKey !== undefined && { name: column.userKey }), columns, foreignColumns })
  return key.onDelete('cascade')
}

/** MariaDB can't index an expression, but a column that is computed from one. Drizzle knows no invisible columns: the type says it all. */
function createEmailKey() {
  const type = `${TYPES.name} generated always as (lower(\`email\`)) invisible`
  return customType<{ data: string }>({ dataType: () => type })('email_key')
}
