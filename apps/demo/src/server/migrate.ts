import { migrateToLatest } from '@latchkey/kysely/migrate'
import { Migrator } from 'kysely'
import { db } from './db.ts'
import { migrations } from './migrations.ts'
import { plugins } from './plugins.ts'

/** The library's tables first, then the demo's own beside them. */
export async function migrate(): Promise<void> {
  await migrateToLatest(db, { plugins })
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
