import { createAuth, credentials } from '@latchkey/core'
import { kyselyAdapter, postgresDialect } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { Kysely } from 'kysely'
import pg from 'pg'

// What a server does at its start and with its first requests, on the database that DATABASE_URL names.
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
export const db = new Kysely({ dialect: postgresDialect(pool) })
export const migrate = () => migrateToLatest(db)

const input = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } }
const createApp = () =>
  createAuth({
    secret: 'a secret for tests: 32 bytes at the least',
    baseUrl: 'http://localhost:3000',
    adapter: kyselyAdapter(db),
    session: { strategy: 'database' },
    providers: [credentials({ input, identify: () => 'ada', authorize: () => ({ id: 'ada', name: 'Ada' }) })],
  })

/** Signs in and asks who that is; returns their name. */
export async function signIn() {
  const auth = createApp()
  const headers = { 'content-type': 'application/json' }
  const url = 'http://localhost:3000/auth/signin/credentials'
  const response = await auth.handler(new Request(url, { method: 'POST', headers, body: '{}' }))
  const [cookie] = response.headers.getSetCookie()
  if (!cookie) throw new Error(await response.text())
  const session = await auth.getSession(new Request(url, { headers: { cookie: cookie.split(';')[0] } }))
  await auth.close()
  return session.user.name
}
