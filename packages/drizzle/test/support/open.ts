import type { DrizzleDatabase } from '../../src/index.ts'

/** An empty database of its own, with Drizzle connected to it. */
export interface Opened {
  readonly db: DrizzleDatabase
  /** Closes what was opened, and removes the database. */
  readonly drop: () => Promise<void>
}
