import { attemptTables, tableCounter } from '@latchkey/core'
import { kyselyTables } from '@latchkey/kysely'
import { migrateTables, migrateToLatest } from '@latchkey/kysely/migrate'
import { describeSessionAdapter } from '../../../core/test/adapter-contract.ts'
import { describeAttemptCounter } from '../../../core/test/attempt-counter-contract.ts'
import { CONTRACT_PLUGIN, describeTables } from '../../../core/test/table-contract.ts'
import { drizzleAdapter, kyselyOf } from '../../src/index.ts'
import type { Opened } from './open.ts'

/** Everything that every store must do, over Drizzle with one driver. */
export function describeDriver(name: string, open: () => Promise<Opened>): void {
  describeSessionAdapter(name, async () => {
    const { db, drop } = await open()
    await migrateToLatest(kyselyOf(db))
    // The races of the contract write hundreds of rows at once, on whatever machine: it is not about deadlines.
    return { adapter: drizzleAdapter(db, { writeTimeout: '30s' }), close: drop }
  })
  describeTables(name, async () => {
    const { db, drop } = await open()
    await migrateToLatest(kyselyOf(db), { plugins: [CONTRACT_PLUGIN] })
    const store = drizzleAdapter(db)
    return { store, addUser: (id) => store.createUser({ id }), close: drop }
  })
  describeAttemptCounter(`a table, ${name}`, async () => {
    const { db, drop } = await open()
    await migrateTables(kyselyOf(db), { plugins: [attemptTables] })
    return { counter: tableCounter(kyselyTables(kyselyOf(db))), close: drop }
  })
}
