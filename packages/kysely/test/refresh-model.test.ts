import { afterAll, beforeAll } from 'vitest'
import { describeRefreshModel } from '../../core/test/support/refresh-model.ts'
import { kyselyAdapter } from '../src/index.ts'
import { migrateToLatest } from '../src/migrate.ts'
import type { Db, TestDatabase } from './support/database.ts'
import { createSqlite } from './support/sqlite.ts'

let database: TestDatabase
let db: Db

beforeAll(async () => {
  database = await createSqlite()
  db = database.connect()
  await migrateToLatest(db)
})
afterAll(() => database.drop())

describeRefreshModel(
  'Kysely on SQLite',
  async () => {
    await db.deleteFrom('sessions').execute()
    await db.deleteFrom('users').execute()
    return kyselyAdapter(db)
  },
  500,
)
