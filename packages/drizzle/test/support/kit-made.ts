import { describeSessionAdapter } from '../../../core/test/adapter-contract.ts'
import { describeTables } from '../../../core/test/table-contract.ts'
import { drizzleAdapter } from '../../src/index.ts'
import type { Opened } from './open.ts'

/** The contract on tables that drizzle-kit made. */
export function describeKitMade(name: string, open: () => Promise<Opened>): void {
  describeSessionAdapter(name, async () => {
    const { db, drop } = await open()
    return { adapter: drizzleAdapter(db, { writeTimeout: '30s' }), close: drop }
  })
  describeTables(name, async () => {
    const { db, drop } = await open()
    const store = drizzleAdapter(db)
    return { store, addUser: (id) => store.createUser({ id }), close: drop }
  })
}
