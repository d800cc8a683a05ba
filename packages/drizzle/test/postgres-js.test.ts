import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { describeWith, findPostgres } from '../../kysely/test/services.ts'
import { describeDriver } from './support/contract.ts'
import type { Opened } from './support/open.ts'
import { createSchema } from './support/postgres.ts'

const service = await findPostgres()

async function open(prepare: boolean): Promise<Opened> {
  const { url, name, drop } = await createSchema(service)
  const address = new URL(url)
  address.search = ''
  const client = postgres(address.href, { connection: { search_path: name }, prepare, onnotice: () => {} })
  return {
    db: drizzle(client),
    drop: async () => {
      await client.end()
      await drop()
    },
  }
}

describeWith(service, 'Drizzle with postgres.js', () => {
  describeDriver('Drizzle with postgres.js', () => open(true))
  describeDriver('Drizzle with postgres.js, as behind a pooler without prepared statements', () => open(false))
})
