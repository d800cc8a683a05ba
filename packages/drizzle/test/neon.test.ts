import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle } from 'drizzle-orm/neon-http'
import { describeWith, findPostgres } from '../../kysely/test/services.ts'
import { describeDriver } from './support/contract.ts'
import { startFakeNeon } from './support/fake-neon.ts'
import type { Opened } from './support/open.ts'
import { createSchema } from './support/postgres.ts'

const postgres = await findPostgres()
/** Where each database of Neon is reached here, by its host. */
const endpoints = new Map<string, string>()
neonConfig.fetchEndpoint = (host) => endpoints.get(host) ?? ''

async function open(): Promise<Opened> {
  const { url, name, drop } = await createSchema(postgres)
  const { endpoint, stop } = await startFakeNeon(url)
  const host = `${name.replaceAll('_', '-')}.example`
  endpoints.set(host, endpoint)
  return {
    db: drizzle(neon(`postgres://root:none@${host}/test`)),
    drop: async () => {
      await stop()
      await drop()
    },
  }
}

describeWith(postgres, 'Drizzle with Neon', () => {
  describeDriver('Drizzle with Neon over HTTP', open)
})
