import { afterAll, beforeAll, describe } from 'vitest'
import type { TestDatabase } from './database.ts'
import { describeColumns } from './columns.ts'
import { describeContents } from './contents.ts'
import { describeMigrations } from './migrations.ts'
import { describePluginMigrations } from './plugin-migrations.ts'
import { describePluginTables } from './plugin-tables.ts'
import { describeQueries } from './queries.ts'

/** What holds on every database beyond core's contract, each part on a database of its own. */
export function describeDatabase(name: string, create: () => Promise<TestDatabase>): void {
  describe(name, () => {
    describeMigrations(create)
    describePluginMigrations(create)
    describePluginTables(create)
    describeColumns(() => openDatabase(create))
    describeContents(() => openDatabase(create))
    describeQueries(() => openDatabase(create))
  })
}

/** A database for one `describe`, opened before its tests. */
export function openDatabase(create: () => Promise<TestDatabase>): () => TestDatabase {
  let database: TestDatabase | undefined
  beforeAll(async () => {
    database = await create()
  })
  afterAll(() => database?.drop())
  return () => {
    if (!database) throw new Error('the database is not open')
    return database
  }
}
