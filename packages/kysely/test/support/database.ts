import type { Kysely, Logger } from 'kysely'
import type { AppDatabase } from './app-database.ts'

export type Db = Kysely<AppDatabase>

/** An empty database of its own for a suite. */
export interface TestDatabase {
  /** Its schema on PostgreSQL, where Kysely would otherwise see the tables of other suites. */
  readonly schema?: string
  /** A further instance's connection to the same database. */
  readonly connect: (log?: Logger) => Db
  /** What a process of its own is told to connect with. */
  readonly address: readonly [dialect: 'sqlite' | 'postgres' | 'mysql', url: string]
  /** Closes what `connect` opened, and removes the database. */
  readonly drop: () => Promise<void>
}
