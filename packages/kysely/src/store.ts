import type { Kysely } from 'kysely'
import type { DatabaseClock } from './clock/database-clock.ts'
import type { AuthDatabase } from './database.ts'
import type { DialectName } from './dialect.ts'
import type { Tables } from './tables.ts'

/** What the adapter's modules share. */
export interface Store {
  readonly db: Kysely<AuthDatabase>
  readonly tables: Tables
  readonly dialect: DialectName
  readonly clock: DatabaseClock
  /** Milliseconds. */
  readonly writeTimeout: number
}
