import { type RawBuilder, sql } from 'kysely'
import type { AnyKysely } from '../database.ts'
import type { DialectName } from '../dialect.ts'
import type { Store } from '../store.ts'
import { bareName } from '../tables.ts'

/** What a migration works on. */
export type Schema = Pick<Store, 'db' | 'tables' | 'dialect'>

type ColumnType = 'text' | RawBuilder<unknown>

/**
 * Text that identifies. MySQL indexes no longer text than this, and would by default find `Bob` and `böb` under `bob`: what tells
 * people apart is compared byte by byte everywhere.
 */
export function nameType(dialect: DialectName): ColumnType {
  return dialect === 'mysql' ? sql`varchar(255) character set utf8mb4 collate utf8mb4_bin` : 'text'
}

export function textType(dialect: DialectName): ColumnType {
  return dialect === 'mysql' ? sql`text character set utf8mb4 collate utf8mb4_bin` : 'text'
}

/** JSON of any length that a session may have. */
export function jsonType(dialect: DialectName): ColumnType {
  return dialect === 'mysql' ? sql`mediumtext character set utf8mb4 collate utf8mb4_bin` : 'text'
}

export function createIndex(schema: Schema, table: string, column: string): Promise<void> {
  return createIndexNamed(schema, `${bareName(table)}_${column}_index`, table, [column])
}

/**
 * SQLite gives a unique constraint an index without a name of ours, which tools that compare schemas (drizzle-kit) don't see and would add
 * once more: there keys are unique indexes instead.
 */
export function hasUniqueConstraints(dialect: DialectName): boolean {
  return dialect !== 'sqlite'
}

export async function createIndexNamed(
  { db, dialect }: Pick<Schema, 'db' | 'dialect'>,
  name: string,
  table: string,
  columns: readonly string[],
  { isUnique = false }: { readonly isUnique?: boolean } = {},
): Promise<void> {
  const named = db.schema.createIndex(name)
  const index = (isUnique ? named.unique() : named).on(table).columns([...columns])
  if (dialect === 'mysql') await index.execute().catch(ignoreKnownIndex)
  else await index.ifNotExists().execute()
}

/** MySQL has no IF NOT EXISTS here, and no transaction around it: the index may be there from a run that was cut off. */
function ignoreKnownIndex(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ER_DUP_KEYNAME')) throw error
}

/**
 * A table of this name may have been there before. It is used if it has the columns.
 *
 * @throws the database's error, which names the column that is missing
 */
export async function checkColumns(
  { db, dialect }: { readonly db: AnyKysely; readonly dialect: DialectName },
  table: string,
  columns: readonly string[],
): Promise<void> {
  // SQLite takes a quoted name that it doesn't know for a text, unless its table stands before it. PostgreSQL takes `checked.count` for the
  // function, if there is no such column.
  const prefix = dialect === 'sqlite' ? 'checked.' : ''
  await db
    .selectFrom(`${table} as checked`)
    .select(columns.map((column) => prefix + column))
    .where(sql<boolean>`1 = 0`)
    .execute()
}
