import type { TableSpec } from '@latchkey/core'
import { type RawBuilder, sql } from 'kysely'
import type { AnyKysely } from '../database.ts'
import type { DialectName } from '../dialect.ts'
import type { PluginColumn } from '../plugin-tables/plugin-table.ts'
import { jsonType, nameType } from './schema.ts'

/** What a column of a plug-in's table is in this database. */
export function columnType(
  dialect: DialectName,
  spec: TableSpec,
  field: string,
): 'bigint' | 'boolean' | 'integer' | 'text' | RawBuilder<unknown> {
  switch (spec.columns[field]?.kind) {
    case 'integer':
    case 'instant':
      return 'bigint'
    case 'boolean':
      return dialect === 'sqlite' ? 'integer' : 'boolean'
    case 'text':
      return isKeyed(spec, field) ? keyedType(dialect) : jsonType(dialect)
    default:
      return jsonType(dialect)
  }
}

function isKeyed({ columns, unique, indexes }: TableSpec, field: string): boolean {
  return columns[field]?.references !== null || [...unique, ...indexes].flat().includes(field)
}

/** In the order of its characters' numbers, whatever the database's language is. */
function keyedType(dialect: DialectName): 'text' | RawBuilder<unknown> {
  return dialect === 'postgres' ? sql`text collate "C"` : nameType(dialect)
}

interface Target {
  readonly db: AnyKysely
  readonly dialect: DialectName
  readonly users: string | null
}

/** Adds a column of nulls to a table that has rows, unless a run that was cut off has done so. */
export async function addColumn(
  { db, dialect, users }: Target,
  table: string,
  spec: TableSpec,
  { name, field, type }: PluginColumn,
  key: string,
): Promise<void> {
  const columnIs = columnType(dialect, spec, field)
  const referred = type.references === null ? null : users
  if (dialect === 'mysql') {
    // A reference beside a column's type is ignored there. One statement, so that there is never one without the other.
    const reference = sql`, add constraint ${sql.ref(key)} foreign key (${sql.ref(name)}) references ${sql.table(referred ?? '')} (id) on delete cascade`
    await sql`alter table ${sql.table(table)} add column ${sql.ref(name)} ${typeof columnIs === 'string' ? sql.raw(columnIs) : columnIs} null ${referred === null ? sql`` : reference}`
      .execute(db)
      .catch(ignoreKnownColumn)
    return
  }
  const alter = db.schema.alterTable(table).addColumn(name, columnIs, (column) => {
    const added = dialect === 'postgres' ? column.ifNotExists() : column
    return referred === null ? added : added.references(`${referred}.id`).onDelete('cascade')
  })
  await alter.execute().catch(ignoreKnownColumn)
}

/** Neither MySQL nor SQLite has IF NOT EXISTS here. */
function ignoreKnownColumn(error: unknown): void {
  const isKnown =
    error instanceof Error &&
    (('code' in error && error.code === 'ER_DUP_FIELDNAME') || error.message.includes('duplicate column name'))
  if (!isKnown) throw error
}
