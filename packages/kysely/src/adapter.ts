import { type CompleteAdapter, type Duration, readDuration, type TableStore } from '@latchkey/core'
import { accountMethods } from './accounts.ts'
import { createDatabaseClock } from './clock/database-clock.ts'
import { databaseTime } from './clock/database-time.ts'
import { type AnyKysely, asAuthDatabase } from './database.ts'
import { dialectOf } from './dialect.ts'
import { expiryMethods } from './expired.ts'
import { openPluginTables } from './plugin-tables/plugin-tables.ts'
import { revocationMethods } from './revocation.ts'
import { sessionMethods } from './sessions.ts'
import type { Store } from './store.ts'
import { readTables, type TablesOption } from './tables.ts'
import { userMethods } from './users.ts'
import { verificationTokenMethods } from './verification-tokens.ts'

/** How {@link kyselyAdapter} uses the database: the names of its tables, and how late a write may come. */
export interface KyselyAdapterOptions extends TablesOption {
  /**
   * How long after the start of a call its write may still happen: seconds, or text with a unit (`'1.5s'`). The database itself refuses a
   * later write, so that a call which the engine has given up on changes nothing. Keep it shorter than the engine's `adapterTimeout`.
   *
   * Applies to writes that begin, extend, refresh or change a session. Those that end one may come later.
   *
   * @default '1.5s'
   */
  readonly writeTimeout?: Duration
}

/**
 * Keeps users, accounts, sessions and verification tokens in the app's own database: SQLite, PostgreSQL, MySQL or MariaDB. The
 * tables come from `migrateToLatest(db)` of `@latchkey/kysely/migrate`. Every write is one statement with its condition in it, so any number of instances may
 * share them, and no connection is held between two statements.
 *
 * Errors of the database are thrown as its driver made them.
 *
 * @throws TypeError if `tables` is wrong or the dialect is not supported, AuthError `Configuration` if `writeTimeout` is wrong
 * @example createAuth({ adapter: kyselyAdapter(db), … })
 */
export function kyselyAdapter(db: AnyKysely, options: KyselyAdapterOptions = {}): CompleteAdapter {
  const store = openStore(db, options)
  const plugins = openPluginTables(db, store.dialect, store.tables.users)
  const users = userMethods(store)
  const expiry = expiryMethods(store)
  return {
    ...users,
    ...accountMethods(store),
    ...sessionMethods(store),
    ...revocationMethods(store),
    ...verificationTokenMethods(store),
    ...expiry,
    table: plugins.table,
    // Also for databases that don't enforce foreign keys.
    deleteUser: async (id) => {
      await plugins.deleteUser(id)
      await users.deleteUser(id)
    },
    deleteExpired: async ({ now, limit = 1_000 }) => {
      const deleted = await expiry.deleteExpired({ now, limit })
      return deleted >= limit ? deleted : deleted + (await plugins.deleteExpired({ now, limit: limit - deleted }))
    },
  }
}

/**
 * Keeps the tables of plug-ins only: for an app whose users are in the tables of an Auth.js adapter. The rows refer to users by their id
 * without a foreign key. `auth.deleteUser` deletes them; a user who is deleted in another way leaves them behind. The tables come from
 * `migrateTables(db, { plugins })` of `@latchkey/kysely/migrate`.
 *
 * @throws TypeError if the dialect is not supported
 * @example createAuth({ adapter: KyselyAdapter(db), tables: kyselyTables(db), plugins, … })
 */
export function kyselyTables(db: AnyKysely): TableStore {
  return openPluginTables(db, dialectOf(db), null)
}

function openStore(db: AnyKysely, options: KyselyAdapterOptions): Store {
  const dialect = dialectOf(db)
  const readTime = db.selectNoFrom(databaseTime(dialect).as('latchkeyNow'))
  return {
    db: asAuthDatabase(db),
    tables: readTables(options),
    dialect,
    clock: createDatabaseClock(async () => Number((await readTime.executeTakeFirstOrThrow()).latchkeyNow)),
    writeTimeout: readDuration('writeTimeout', options.writeTimeout, '1.5s'),
  }
}
