import { createAuth, credentials } from '@latchkey/core'
import { kyselyAdapter, postgresDialect, sqliteDialect } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { Kysely } from 'kysely'
import Database from 'libsql'
import { ANYTHING, cookieHeader, ORIGIN, PERSON, SECRET } from './people.mjs'

/** A configured engine and a Cookie header of somebody who is signed in. */
export async function openLatchkey({ strategy, tokenCache, adapter, authorize = () => PERSON }) {
  const auth = createAuth({
    secret: SECRET,
    baseUrl: ORIGIN,
    // What it warns of is as wanted here.
    logger: { error: console.error, warn: () => {} },
    roles: ['member', 'admin'],
    claims: { org: ANYTHING },
    session: { strategy, revalidateAge: '1d' },
    providers: [credentials({ id: 'bench', name: 'Bench', input: ANYTHING, identify: null, authorize })],
    callbacks: { jwt: ({ token, user }) => (user ? { ...token, roles: ['admin'], org: 'acme' } : token) },
    ...((adapter || strategy === 'database') && { adapter: adapter ?? (await openAdapter()).adapter }),
    ...(tokenCache === false && { tokenCache }),
  })
  const response = await auth.handler(
    new Request(`${ORIGIN}/auth/signin/bench`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    }),
  )
  return { auth, cookie: cookieHeader(response.headers.getSetCookie()[0].split(';')[0]) }
}

/** An adapter on an empty database: SQLite in memory, or this pool of PostgreSQL. */
export async function openAdapter(postgres) {
  const sqlite = postgres ? undefined : new Database(':memory:')
  const db = new Kysely({ dialect: postgres ? postgresDialect(postgres) : sqliteDialect(sqlite) })
  await migrateToLatest(db)
  return { adapter: kyselyAdapter(db), sqlite, close: () => db.destroy() }
}
