import type { TableSpec } from '@latchkey/core'
import { columnName } from '@latchkey/core/store'
import type { CreateTableBuilder } from 'kysely'
import type { AnyKysely } from '../database.ts'
import type { DialectName } from '../dialect.ts'
import { describeColumns, type PluginColumn } from '../plugin-tables/plugin-table.ts'
import { addColumn, columnType } from './plugin-column.ts'
import { checkColumns, createIndexNamed, hasUniqueConstraints } from './schema.ts'

/** What one migration of a plug-in works on. */
export interface PluginSchema {
  readonly db: AnyKysely
  readonly dialect: DialectName
  /** The table that columns refer to; null if the users are in another store. */
  readonly users: string | null
  /** The number of the migration. */
  readonly step: number
}

type Builder = CreateTableBuilder<string, string>

export async function createPluginTable(schema: PluginSchema, name: string, spec: TableSpec): Promise<void> {
  const columns = columnsOf(spec, schema.step)
  const create = [withColumns, withKeys, withUsers].reduce(
    (builder: Builder, add) => add(builder, schema, name, spec),
    schema.db.schema.createTable(name).ifNotExists(),
  )
  await create.execute()
  await checkColumns(
    schema,
    name,
    columns.map((column) => column.name),
  )
  await createKeys(schema, name, spec)
  await createIndexes(schema, name, spec)
}

/** The columns that have come by this migration, and the indexes that need them. Those that are there already are left alone. */
export async function addColumns(schema: PluginSchema, name: string, spec: TableSpec): Promise<void> {
  const columns = columnsOf(spec, schema.step)
  for (const [index, column] of columns.entries()) {
    const users = column.type.references === null ? null : schema.users
    const target = { ...schema, table: name, users, key: `${name}_fkey_${schema.step}_${index + 1}` }
    await addColumn(target, column.name, columnType(schema.dialect, spec, column))
  }
  if (columns.length > 0) await createIndexes(schema, name, spec)
}

/** The columns that this migration makes. */
function columnsOf(spec: TableSpec, step: number): readonly PluginColumn[] {
  return describeColumns(spec).filter(({ type }) => (type.since ?? spec.since) === step)
}

function withColumns(builder: Builder, { dialect, step }: PluginSchema, _: string, spec: TableSpec): Builder {
  return columnsOf(spec, step).reduce(
    (table, column) =>
      table.addColumn(column.name, columnType(dialect, spec, column), (builder) =>
        column.type.nullable ? builder : builder.notNull(),
      ),
    builder,
  )
}

function withKeys(builder: Builder, { dialect }: PluginSchema, name: string, { unique }: TableSpec): Builder {
  const [first = [], ...others] = unique.map((key) => key.map(columnName))
  const table = builder.addPrimaryKeyConstraint(`${name}_pkey`, first)
  if (!hasUniqueConstraints(dialect)) return table
  return others.reduce((all, columns, index) => all.addUniqueConstraint(keyName(name, index), columns), table)
}

/** The further keys of a database that has indexes in place of constraints. */
async function createKeys(schema: PluginSchema, name: string, { unique }: TableSpec): Promise<void> {
  if (hasUniqueConstraints(schema.dialect)) return
  for (const [index, key] of unique.slice(1).entries())
    await createIndexNamed(schema, keyName(name, index), name, key.map(columnName), { isUnique: true })
}

function keyName(table: string, index: number): string {
  return `${table}_key_${index + 2}`
}

function withUsers(builder: Builder, { users, step }: PluginSchema, name: string, spec: TableSpec): Builder {
  if (users === null) return builder
  return columnsOf(spec, step).reduce(
    (table, column, index) =>
      column.type.references === null
        ? table
        : table.addForeignKeyConstraint(`${name}_fkey_${step}_${index + 1}`, [column.name], users, ['id'], (key) =>
            key.onDelete('cascade'),
          ),
    builder,
  )
}

/** Those whose last column has come by this migration. */
async function createIndexes(schema: PluginSchema, name: string, spec: TableSpec): Promise<void> {
  const sinceOf = (field: string) => spec.columns[field]?.since ?? spec.since
  const due = indexesOf(spec).filter((fields) => Math.max(...fields.map(sinceOf)) === schema.step)
  for (const [index, fields] of due.entries()) {
    await createIndexNamed(schema, `${name}_index_${schema.step}_${index + 1}`, name, fields.map(columnName))
  }
}

/** Also of the expiry and of users, whose rows go with them, unless there is one that begins with the column. */
function indexesOf({ columns, unique, indexes, expires }: TableSpec): readonly (readonly string[])[] {
  const users = Object.keys(columns).filter((field) => columns[field]?.references === 'user')
  const begun = new Set([...unique, ...indexes].map(([first]) => first))
  const needed = new Set([...users, ...(expires === null ? [] : [expires])].filter((field) => !begun.has(field)))
  return [...indexes, ...[...needed].map((field) => [field])]
}
