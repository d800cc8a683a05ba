import type { KyselyAdapterOptions } from '../adapter.ts'
import type { AnyKysely } from '../database.ts'
import { createAdapter, createTakeOver, openShared, type TakeOver } from '../take-over/open.ts'
import type { CookieForm, TakeOverStage } from '../take-over/shared.ts'
import { type AuthJsAdapterName, type AuthJsColumns, type AuthJsTableNames, toLibrary } from './library.ts'

/** What {@link fromAuthJsDatabase} takes, besides what `kyselyAdapter` does. */
export interface FromAuthJsOptions extends KyselyAdapterOptions {
  /** Whose tables they are: those of `@auth/kysely-adapter`, `@auth/drizzle-adapter` or `@auth/prisma-adapter`. */
  readonly madeBy: AuthJsAdapterName
  /**
   * `'shared'` while the old app serves too: its tables decide. `'moved'` once it is off: Latchkey's decide. In both, users, accounts and
   * sessions are written to both, so that you can go back. `'finished'` after `finish()`: the old tables may be dropped.
   */
  readonly stage: TakeOverStage
  /** The names of the old tables. @default `User`, `Account`, `Session`; with `'drizzle'` `user`, `account`, `session` */
  readonly theirTables?: AuthJsTableNames
  /** The names of their columns. @default those of Auth.js: `emailVerified`, `providerAccountId`, `sessionToken`, … */
  readonly theirColumns?: AuthJsColumns
  /**
   * Further columns of users, such as `role`, that the app has added to the old table and to Latchkey's under the same name. They are taken over
   * too.
   *
   * @default none
   */
  readonly userColumns?: readonly string[]
  /** How SQLite has instants: as ISO text or as milliseconds. @default `'text'` with `'kysely'`, else `'number'` */
  readonly sqliteInstants?: 'text' | 'number'
}

/**
 * Takes over the tables of an Auth.js adapter, on PostgreSQL, MySQL, MariaDB or SQLite: its users, their accounts at providers, and the sessions of
 * its database strategy, whose cookies go on. Of a session's token only the hash is kept.
 *
 * Set `session: { strategy: 'database' }`, and `cookies.session.name` to Auth.js's.
 *
 * @throws TypeError if a name of a table or a column, `madeBy` or `stage` is wrong, or the dialect is not supported
 * @example
 * const old = fromAuthJsDatabase(db, { madeBy: 'kysely', stage: 'shared' })
 * await migrateToLatest(db, { plugins: [...plugins, old] })
 * export const auth = createAuth({ adapter: old.adapter, plugins, … })
 */
export function fromAuthJsDatabase(db: AnyKysely, options: FromAuthJsOptions): TakeOver {
  const { madeBy, theirTables, theirColumns, sqliteInstants, ...rest } = options
  const library = toLibrary(madeBy, theirTables, theirColumns, sqliteInstants)
  const shared = openShared(db, library, COOKIE, rest)
  return createTakeOver(shared, { adapter: createAdapter(shared), copyOf: async () => {} })
}

/** Auth.js's tokens are UUIDs, unless the app makes its own. Cookies are percent-encoded there. */
const COOKIE: CookieForm = {
  read: async (value) => {
    const token = decode(value)
    return TOKEN.test(token) ? token : null
  },
  write: async (token) => encodeURIComponent(token),
}

/** Shorter ones could be guessed, and longer ones are in no column with a key: they are not looked for. */
const TOKEN = /^[\w.~+/=-]{20,255}$/

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return ''
  }
}
