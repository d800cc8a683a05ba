import { type AnyKysely, asAuthDatabase } from '../database.ts'
import { dialectOf } from '../dialect.ts'
import { addAmr, dropAmr } from './add-amr.ts'
import { createChallenges, dropChallenges } from './create-challenges.ts'
import { readTables, type Tables, type TablesOption } from '../tables.ts'
import { createAccounts, createSessions, createVerificationTokens } from './create-tables.ts'
import { createUsers } from './create-users.ts'
import type { Schema } from './schema.ts'

export const CHALLENGES = 'latchkey_005_challenges'

/** Kysely's `Migration`, written out: its type has another address in 0.29 than in 0.28. */
export interface Migration {
  readonly up: (db: AnyKysely) => Promise<void>
  readonly down: (db: AnyKysely) => Promise<void>
}

/**
 * The record of a Kysely `MigrationProvider` that makes the tables under their default names, one migration per table. Whatever
 * is already done it leaves alone, so a run that was cut off is simply run again.
 *
 * @example new Migrator({ db, provider: { getMigrations: async () => migrations }, migrationTableName: 'latchkey_migration' })
 */
export const migrations: Readonly<Record<string, Migration>> = migrationsFor()

/**
 * The same for tables under other names.
 *
 * @throws TypeError if `tables` is wrong
 */
export function migrationsFor(options: TablesOption = {}): Record<string, Migration> {
  const tables = readTables(options)
  return {
    latchkey_001_users: migration(tables, 'users', createUsers),
    latchkey_002_accounts: migration(tables, 'accounts', createAccounts),
    latchkey_003_sessions: migration(tables, 'sessions', createSessions),
    latchkey_004_verification_tokens: migration(tables, 'verification_tokens', createVerificationTokens),
    [CHALLENGES]: { up: (db: AnyKysely) => createChallenges(db, tables.users), down: dropChallenges },
    latchkey_006_session_amr: {
      up: (db: AnyKysely) => addAmr({ db: asAuthDatabase(db), tables, dialect: dialectOf(db) }),
      down: (db: AnyKysely) => dropAmr(db, tables),
    },
  }
}

function migration(tables: Tables, table: keyof Tables, create: (schema: Schema) => Promise<void>): Migration {
  return {
    up: (db: AnyKysely) => create({ db: asAuthDatabase(db), tables, dialect: dialectOf(db) }),
    down: (db: AnyKysely) => db.schema.dropTable(tables[table]).ifExists().execute(),
  }
}
