import * as kysely from 'kysely'
import { SelectQueryNode, sql, TableNode } from 'kysely'
import type { AnyKysely } from './database.ts'
import { dialectOf } from './dialect.ts'
import { migrationsFor } from './migrations/record.ts'
import { inExclusiveTransaction } from './migrations/sqlite-lock.ts'
import type { TablesOption } from './tables.ts'

export interface MigrateOptions extends TablesOption {
  /**
   * Where it is written down which migrations have run, beside a second table of this name with `_lock`. They are apart from the
   * app's own, so that neither finds the other's migrations missing.
   *
   * @default 'latchkey_migration'
   */
  readonly migrationTable?: string
}

/**
 * Makes the tables, or brings them up to date. Any number of instances may do so at the same time, at every start: one of them
 * works, the others wait for it and find nothing left to do.
 *
 * @returns the names of the migrations that ran
 * @throws TypeError where `tables` is wrong; else the error of the database
 */
export async function migrateToLatest(db: AnyKysely, options: MigrateOptions = {}): Promise<readonly string[]> {
  // Kysely takes a lock on PostgreSQL and MySQL only.
  if (dialectOf(db) === 'sqlite') return inExclusiveTransaction(db, (connection) => run(connection, options))
  return run(db, options)
}

async function run(db: AnyKysely, options: MigrateOptions): Promise<readonly string[]> {
  const { migrationTable = 'latchkey_migration' } = options
  const schema = await readSchema(db)
  const Migrator = await loadMigrator()
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrationsFor(options) },
    migrationTableName: migrationTable,
    migrationLockTableName: `${migrationTable}_lock`,
    ...(schema && { migrationTableSchema: schema }),
  })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) throw error
  return results.map(({ migrationName }) => migrationName)
}

/** Kysely 0.29 moved it to an entry of its own, which 0.28 doesn't have. */
async function loadMigrator(): Promise<typeof kysely.Migrator> {
  if ('Migrator' in kysely) return kysely.Migrator
  // Not a literal: neither the compiler nor a bundler can find with 0.28 what only 0.29 has.
  const entry: string = 'kysely/migration'
  const { Migrator } = (await import(entry)) as Pick<typeof kysely, 'Migrator'> // the same class under its new address
  return Migrator
}

/** The schema that tables are made in. Unless it is told, Kysely takes a table of the same name in any schema for its own. */
async function readSchema(db: AnyKysely): Promise<string | null> {
  if (dialectOf(db) !== 'postgres') return null
  const { query } = db.selectFrom('users').selectAll().compile()
  const table = SelectQueryNode.is(query) ? query.from?.froms[0] : undefined
  // The schema that the app's withSchema() writes before every table.
  if (table && TableNode.is(table) && table.table.schema) return table.table.schema.name
  const { rows } = await sql<{ name: string | null }>`select current_schema() as name`.execute(db)
  return rows[0]?.name ?? null
}
