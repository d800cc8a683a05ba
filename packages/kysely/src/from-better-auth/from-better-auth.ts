import type { CompleteAdapter } from '@latchkey/core'
import type { KyselyAdapterOptions } from '../adapter.ts'
import type { AnyKysely } from '../database.ts'
import { createAdapter, createTakeOver, type Extension, openShared, type TakeOver } from '../take-over/open.ts'
import type { Shared, TakeOverStage } from '../take-over/shared.ts'
import { signedCookie } from './cookie.ts'
import { copyHash, HASHES, type Hashes, hashSpec, withTheirPasswords } from './hashes.ts'
import { type BetterAuthColumns, type BetterAuthTableNames, toLibrary } from './library.ts'
import { theirPasswords } from './passwords.ts'

/** What {@link fromBetterAuthDatabase} takes, besides what `kyselyAdapter` does. */
export interface FromBetterAuthOptions extends KyselyAdapterOptions {
  /** The `secret` of better-auth, which signs its session cookie. Pass several if it was changed: the first signs, all verify. */
  readonly secret: string | readonly [string, ...string[]]
  /**
   * `'shared'` while the old app serves too: its tables decide. `'moved'` once it is off: Latchkey's decide. In both, users, accounts, passwords
   * and sessions are written to both, so that you can go back. `'finished'` after `finish()`: the old tables may be dropped.
   */
  readonly stage: TakeOverStage
  /**
   * Whether passwords are taken over into the table of `@latchkey/password`.
   *
   * @default true
   */
  readonly passwords?: boolean
  /** The names of the old tables. @default `user`, `account`, `session` */
  readonly theirTables?: BetterAuthTableNames
  /** The names of their columns. @default those of better-auth: `emailVerified`, `providerId`, `token`, … */
  readonly theirColumns?: BetterAuthColumns
  /** The column of accounts that holds a password's hash. @default 'password' */
  readonly passwordColumn?: string
  /**
   * Further columns of users, such as `role`, that the app has added to the old table and to Latchkey's under the same name. They are taken over
   * too.
   *
   * @default none
   */
  readonly userColumns?: readonly string[]
  /** How SQLite has instants: as ISO text, or as milliseconds (Drizzle, Prisma). @default 'text' */
  readonly sqliteInstants?: 'text' | 'number'
}

/**
 * Takes over the tables of better-auth, on PostgreSQL, MySQL, MariaDB or SQLite: its users, their accounts at providers, their passwords, and their
 * sessions, whose cookies go on. Of a session's token only the hash is kept.
 *
 * Set `session: { strategy: 'database' }`, and `cookies.session.name` to better-auth's.
 *
 * @throws TypeError if a name of a table or a column, `secret` or `stage` is wrong, or the dialect is not supported
 * @example
 * const old = fromBetterAuthDatabase(db, { secret: process.env.BETTER_AUTH_SECRET!, stage: 'shared' })
 * await migrateToLatest(db, { plugins: [...plugins, old] })
 * export const auth = createAuth({ adapter: old.adapter, plugins, … })
 */
export function fromBetterAuthDatabase(db: AnyKysely, options: FromBetterAuthOptions): TakeOver {
  const { secret, passwords = true, theirTables, theirColumns, passwordColumn, sqliteInstants, ...rest } = options
  const library = toLibrary(theirTables, theirColumns, sqliteInstants)
  const shared = openShared(db, library, signedCookie(readSecrets(secret)), rest)
  const adapter = createAdapter(shared)
  const extension = passwords ? withPasswords(shared, adapter, passwordColumn) : { adapter, copyOf: async () => {} }
  return createTakeOver(shared, extension)
}

function readSecrets(secret: FromBetterAuthOptions['secret']): readonly string[] {
  const secrets = typeof secret === 'string' ? [secret] : secret
  if (Array.isArray(secrets) && secrets.length > 0 && secrets.every((one) => typeof one === 'string' && one.length > 0))
    return secrets
  throw new TypeError('secret: pass the secret of better-auth (BETTER_AUTH_SECRET)')
}

function withPasswords(shared: Shared, adapter: CompleteAdapter, column = 'password'): Extension {
  const theirs = theirPasswords(shared.their, column)
  const table: CompleteAdapter['table'] = (name, spec) => {
    const opened = adapter.table(name, spec)
    if (name !== HASHES || shared.stage === 'finished') return opened
    // The table of that name has these columns: the password plug-in's.
    return withTheirPasswords(opened as unknown as Hashes, theirs, shared.stage) as unknown as typeof opened
  }
  let ours: Hashes | undefined
  return {
    adapter: { ...adapter, table },
    copyOf: (userId) => copyHash((ours ??= shared.base.table(HASHES, hashSpec)), theirs, shared.stage, userId),
  }
}
