import { describeSessionAdapter } from '../../../core/test/adapter-contract.ts'
import { attemptTables, tableCounter } from '@latchkey/core'
import { describeAttemptCounter } from '../../../core/test/attempt-counter-contract.ts'
import { CONTRACT_PLUGIN, describeTables } from '../../../core/test/table-contract.ts'
import { kyselyAdapter, kyselyTables, type TablesOption } from '../../src/index.ts'
import { migrateTables, migrateToLatest } from '../../src/migrate.ts'
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

/** Core's contract of plug-ins' tables on a migrated database, beside the users. */
export function describeTableContract(
  name: string,
  create: () => Promise<TestDatabase>,
  options: TablesOption = {},
): void {
  describeTables(name, async () => {
    const database = await create()
    const db = database.connect()
    await migrateToLatest(db, { ...options, plugins: [CONTRACT_PLUGIN] })
    const store = kyselyAdapter(db, options)
    return { store, addUser: (id) => store.createUser({ id }), close: database.drop }
  })
}

/** Core's contract of counters in a table of a migrated database. */
export function describeCounterContract(name: string, create: () => Promise<TestDatabase>): void {
  describeAttemptCounter(name, async () => {
    const database = await create()
    const db = database.connect()
    await migrateTables(db, { plugins: [attemptTables] })
    return { counter: tableCounter(kyselyTables(db)), close: database.drop }
  })
}

/** The same without the users. */
export function describeTablesAlone(name: string, create: () => Promise<TestDatabase>): void {
  describeTables(
    name,
    async () => {
      const database = await create()
      const db = database.connect()
      await migrateTables(db, { plugins: [CONTRACT_PLUGIN] })
      return { store: kyselyTables(db), addUser: async () => {}, close: database.drop }
    },
    { keepsUsers: false },
  )
}
