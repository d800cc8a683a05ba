import { integer, table, user } from '@latchkey/core'
import { expect, onTestFinished, test } from 'vitest'
import { kyselyAdapter } from '../src/index.ts'
import { migrateToLatest } from '../src/migrate.ts'
import {
  describeContract,
  describeCounterContract,
  describeTableContract,
  describeTablesAlone,
} from './support/contract.ts'
import { describeDatabase, openDatabase } from './support/database-suite.ts'
import { describeDeadlines } from './support/deadlines.ts'
import { describeDeadlocks } from './support/deadlocks.ts'
import { createPostgres } from './support/postgres.ts'
import { describeWith, findPostgres } from './services.ts'

const postgres = await findPostgres()

describeWith(postgres, 'PostgreSQL', () => {
  describeContract('Kysely on PostgreSQL', () => createPostgres(postgres))
  describeTableContract('Kysely on PostgreSQL', () => createPostgres(postgres))
  describeTablesAlone('Kysely on PostgreSQL, without users', () => createPostgres(postgres))
  describeCounterContract('a table, Kysely on PostgreSQL', () => createPostgres(postgres))
  describeDatabase('PostgreSQL', () => createPostgres(postgres))
  describeDeadlines(() => openDatabase(() => createPostgres(postgres)))
  describeDeadlocks(() => createPostgres(postgres))

  test('tables of plug-ins stand in the schema that the app’s Kysely names', async () => {
    const database = await createPostgres(postgres)
    onTestFinished(() => database.drop())
    const plain = database.connect()
    const schema = `${database.schema}_own`
    await plain.schema.createSchema(schema).execute()
    onTestFinished(() => plain.schema.dropSchema(schema).cascade().execute())
    const db = plain.withSchema(schema)
    const uses = table({ owner: user(), count: integer() }, { unique: [['owner']], indexes: [['count']] })
    const plugins = [{ id: 'key', tables: { uses } }]
    expect(await migrateToLatest(db, { plugins })).toContain('key_001')
    expect(await migrateToLatest(db, { plugins })).toEqual([])
    const adapter = kyselyAdapter(db)
    await adapter.createUser({ id: 'ada' })
    const rows = adapter.table('key_uses', uses)
    const row = { owner: 'ada', count: 1 }
    expect([await rows.increment(row, 'count'), await rows.increment(row, 'count')]).toEqual([1, 2])
    expect(await rows.remove({ count: { above: 5 } }, 1)).toBe(0)
    expect(await rows.list({ limit: 1 })).toEqual([{ owner: 'ada', count: 2 }])
    await adapter.deleteUser('ada')
    expect(await rows.get({ owner: 'ada' })).toBeNull()
  })
})
