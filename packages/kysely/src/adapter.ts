import { type CompleteAdapter, type Duration, readDuration } from '@latchkey/core'
import { accountMethods } from './accounts.ts'
import { createDatabaseClock } from './clock/database-clock.ts'
import { databaseTime } from './clock/database-time.ts'
import { type AnyKysely, asAuthDatabase } from './database.ts'
import { dialectOf } from './dialect.ts'
import { expiryMethods } from './expired.ts'
import { revocationMethods } from './revocation.ts'
import { sessionMethods } from './sessions.ts'
import type { Store } from './store.ts'
import { readTables, type TablesOption } from './tables.ts'
import { userMethods } from './users.ts'
import { verificationTokenMethods } from './verification-tokens.ts'

export interface KyselyAdapterOptions extends TablesOption {
  /**
   * How long after a call has begun its write may still happen: the database itself refuses it later, so that what the engine has
   * given up on can't be written behind its back. Keep it shorter than the engine's `adapterTimeout`.
   *
   * It bounds what begins, extends, refreshes or changes a session. What ends one may come late.
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
  return {
    ...userMethods(store),
    ...accountMethods(store),
    ...sessionMethods(store),
    ...revocationMethods(store),
    ...verificationTokenMethods(store),
    ...expiryMethods(store),
  }
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
