import type { CompleteAdapter } from '@latchkey/core'
import { accountMethods } from './accounts.ts'
import { type AnyKysely, asAuthDatabase } from './database.ts'
import { dialectOf } from './dialect.ts'
import { expiryMethods } from './expired.ts'
import { revocationMethods } from './revocation.ts'
import { sessionMethods } from './sessions.ts'
import type { Store } from './store.ts'
import { readTables, type TablesOption } from './tables.ts'
import { userMethods } from './users.ts'
import { verificationTokenMethods } from './verification-tokens.ts'

/**
 * Keeps users, accounts, sessions and verification tokens in the app's own database: SQLite, PostgreSQL, MySQL or MariaDB. The
 * tables come from `migrateToLatest(db)`. Every write is one statement with its condition in it, so any number of instances may
 * share them, and no connection is held between two statements.
 *
 * Errors of the database are thrown as its driver made them.
 *
 * @throws TypeError where `tables` is wrong or the dialect is not supported
 * @example createAuth({ adapter: kyselyAdapter(db), … })
 */
export function kyselyAdapter(db: AnyKysely, options: TablesOption = {}): CompleteAdapter {
  const store: Store = { db: asAuthDatabase(db), tables: readTables(options), dialect: dialectOf(db) }
  return {
    ...userMethods(store),
    ...accountMethods(store),
    ...sessionMethods(store),
    ...revocationMethods(store),
    ...verificationTokenMethods(store),
    ...expiryMethods(store),
  }
}
