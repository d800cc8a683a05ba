import { describeSessionAdapter } from '../../../core/test/adapter-contract.ts'
import { kyselyAdapter, type TablesOption } from '../../src/index.ts'
import { migrateToLatest } from '../../src/migrate.ts'
import type { TestDatabase } from './database.ts'

/** Core's contract on a migrated database. */
export function describeContract(name: string, create: () => Promise<TestDatabase>, options: TablesOption = {}): void {
  describeSessionAdapter(name, async () => {
    const database = await create()
    const db = database.connect()
    await migrateToLatest(db, options)
    // The races of the contract write hundreds of rows at once, on whatever machine: it is not about deadlines.
    return { adapter: kyselyAdapter(db, { ...options, writeTimeout: '30s' }), close: database.drop }
  })
}
