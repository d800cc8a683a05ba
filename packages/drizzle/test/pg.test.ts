import { drizzle } from 'drizzle-orm/node-postgres'
import { Client, Pool } from 'pg'
import { describeWith, findPostgres } from '../../kysely/test/services.ts'
import { describeDriver } from './support/contract.ts'
import type { Opened } from './support/open.ts'
import { createSchema } from './support/postgres.ts'

const postgres = await findPostgres()

async function openPool(): Promise<Opened> {
  const { url, drop } = await createSchema(postgres)
  const pool = new Pool({ connectionString: url, connectionTimeoutMillis: 10_000 })
  return {
    db: drizzle(pool),
    drop: async () => {
      await pool.end()
      await drop()
    },
  }
}

async function openClient(): Promise<Opened> {
  const { url, drop } = await createSchema(postgres)
  const client = new Client({ connectionString: url })
  await client.connect()
  return {
    db: drizzle(client),
    drop: async () => {
      await client.end()
      await drop()
    },
  }
}

describeWith(postgres, 'Drizzle with pg', () => {
  describeDriver('Drizzle with a pool of pg', openPool)
  describeDriver('Drizzle with a client of pg', openClient)
})
