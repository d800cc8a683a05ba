import { attemptTables, tableCounter } from '@latchkey/core'
import { kyselyTables } from '@latchkey/kysely'
import { migrateTables, migrateToLatest } from '@latchkey/kysely/migrate'
import { describeSessionAdapter } from '../../core/test/adapter-contract.ts'
import { describeAttemptCounter } from '../../core/test/attempt-counter-contract.ts'
import { CONTRACT_PLUGIN, describeTables } from '../../core/test/table-contract.ts'
import { describeWith } from '../../kysely/test/services.ts'
import { kyselyOf, prismaAdapter } from '../src/index.ts'
import { installed } from './support/clients.ts'
import { DATABASES } from './support/databases.ts'

describeWith(installed, 'Prisma', () => {
  for (const { name, service, create } of DATABASES) {
    describeWith(service, `Prisma on ${name}`, () => {
      describeSessionAdapter(`Prisma on ${name}`, async () => {
        const database = await create()
        const prisma = database.connect()
        await migrateToLatest(kyselyOf(prisma))
        // The races of the contract write hundreds of rows at once, on whatever machine: it is not about deadlines.
        return { adapter: prismaAdapter(prisma, { writeTimeout: '30s' }), close: database.drop }
      })

      describeTables(`Prisma on ${name}`, async () => {
        const database = await create()
        const prisma = database.connect()
        await migrateToLatest(kyselyOf(prisma), { plugins: [CONTRACT_PLUGIN] })
        const store = prismaAdapter(prisma)
        return { store, addUser: (id) => store.createUser({ id }), close: database.drop }
      })

      describeAttemptCounter(`a table, Prisma on ${name}`, async () => {
        const database = await create()
        const db = kyselyOf(database.connect())
        await migrateTables(db, { plugins: [attemptTables] })
        return { counter: tableCounter(kyselyTables(db)), close: database.drop }
      })
    })
  }
})
