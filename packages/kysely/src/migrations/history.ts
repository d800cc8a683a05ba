import type { AnyKysely } from '../database.ts'
import { dialectOf } from '../dialect.ts'
import type { Migration } from './record.ts'

/** Migrations that are listed in one table, in their order. */
export interface History {
  readonly table: string
  readonly record: readonly (readonly [name: string, migration: Pick<Migration, 'up'>])[]
}

/** The same table as Kysely's `Migrator` makes, so that an app may give the record to one. */
export async function createHistory(db: AnyKysely, table: string): Promise<void> {
  await db.schema
    .createTable(table)
    .ifNotExists()
    .addColumn('name', 'varchar(255)', (column) => column.notNull().primaryKey())
    .addColumn('timestamp', 'varchar(255)', (column) => column.notNull())
    .execute()
}

/** The names of the migrations that have run. */
export async function readHistory(db: AnyKysely, table: string): Promise<ReadonlySet<string>> {
  const rows: readonly { readonly name: string }[] = await db.selectFrom(table).select('name').execute()
  return new Set(rows.map(({ name }) => name))
}

/** Another instance may have written the name already if there was no lock to keep it out. */
export async function writeHistory(db: AnyKysely, table: string, name: string): Promise<void> {
  const row = db.insertInto(table).values({ name, timestamp: new Date().toISOString() })
  await (dialectOf(db) === 'mysql' ? row.ignore() : row.onConflict((conflict) => conflict.doNothing())).execute()
}
