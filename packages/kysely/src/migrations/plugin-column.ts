import type { TableSpec } from '@latchkey/core'
import { keyedTexts } from '@latchkey/core/store'
import { type RawBuilder, sql } from 'kysely'
import type { AnyKysely } from '../database.ts'
import type { DialectName } from '../dialect.ts'
import type { PluginColumn } from '../plugin-tables/plugin-table.ts'
import { jsonType, nameType } from './schema.ts'

type ColumnType = 'bigint' | 'boolean' | 'integer' | 'text' | RawBuilder<unknown>

/** What a column of a plug-in's table is in this database. */
export function columnType(dialect: DialectName, spec: TableSpec, { field, type }: PluginColumn): ColumnType {
  switch (type.kind) {
    case 'integer':
    case 'instant':
      return 'bigint'
    case 'boolean':
      return dialect === 'sqlite' ? 'integer' : 'boolean'
    case 'text':
      return keyedTexts(spec).has(field) ? keyedType(dialect) : jsonType(dialect)
    case 'json':
      return jsonType(dialect)
  }
}

/** In the order of its characters' numbers, whatever the database's language is. */
function keyedType(dialect: DialectName): ColumnType {
  return dialect === 'postgres' ? sql`text collate "C"` : nameType(dialect)
}

interface Target {
  readonly db: AnyKysely
  readonly dialect: DialectName
  readonly table: string
  /** The table that the column refers to, or null. */
  readonly users: string | null
  /** What the foreign key is called. */
  readonly key: string
}

/** Adds a column of nulls to a table that may have rows, unless a run that was cut off has done so. */
export async function addColumn(target: Target, name: string, type: ColumnType): Promise<void> {
  if (target.dialect === 'mysql') await addOnMysql(target, name, type).catch(ignoreKnownColumn)
  else await add(target, name, type).catch(ignoreKnownColumn)
}

function add({ db, dialect, table, users }: Target, name: string, type: ColumnType): Promise<void> {
  return db.schema
    .alterTable(table)
    .addColumn(name, type, (column) => {
      const added = dialect === 'postgres' ? column.ifNotExists() : column
      return users === null ? added : added.references(`${users}.id`).onDelete('cascade')
    })
    .execute()
}

/** MySQL ignores a reference beside a column's type. One statement, so that there is never one without the other. */
async function addOnMysql({ db, table, users, key }: Target, name: string, type: ColumnType): Promise<void> {
  const column = sql`add column ${sql.ref(name)} ${typeof type === 'string' ? sql.raw(type) : type} null`
  const reference = sql`add constraint ${sql.ref(key)} foreign key (${sql.ref(name)}) references`
  const changes = users === null ? column : sql`${column}, ${reference} ${sql.table(users)} (id) on delete cascade`
  await sql`alter table ${sql.table(table)} ${changes}`.execute(db)
}

/** Neither MySQL nor SQLite has IF NOT EXISTS here. */
function ignoreKnownColumn(error: unknown): void {
  const isKnown =
    error instanceof Error &&
    (('code' in error && error.code === 'ER_DUP_FIELDNAME') || error.message.includes('duplicate column name'))
  if (!isKnown) throw error
}
