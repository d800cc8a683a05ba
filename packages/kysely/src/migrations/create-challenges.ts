import { challengeTables } from '@latchkey/core'
import { tableName } from '@latchkey/core/store'
import type { AnyKysely } from '../database.ts'
import { dialectOf } from '../dialect.ts'
import { createPluginTable } from './create-plugin-table.ts'

/** As the engine describes it: like a table of a plug-in. */
const TABLES = Object.entries(challengeTables.tables).map(
  ([table, spec]) => [tableName(challengeTables.id, table), spec] as const,
)

/**
 * Makes the table of sign-ins that wait for a second factor.
 *
 * @param users the table that its rows refer to; null if the users are in another store
 */
export async function createChallenges(db: AnyKysely, users: string | null): Promise<void> {
  const schema = { db, dialect: dialectOf(db), users, step: 1 }
  for (const [name, spec] of TABLES) await createPluginTable(schema, name, spec)
}

export async function dropChallenges(db: AnyKysely): Promise<void> {
  for (const [name] of TABLES) await db.schema.dropTable(name).ifExists().execute()
}
