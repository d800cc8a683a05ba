import { createAuth } from '@latchkey/core'
import { kyselyAdapter, migrateToLatest, sqliteDialect } from '@latchkey/kysely'
import { Kysely } from 'kysely'
import Database from 'libsql'
import { ANYTHING, cookieHeader, ORIGIN, PERSON, SECRET } from './people.mjs'

/** A configured engine and a Cookie header of somebody who is signed in. */
export async function openLatchkey({ strategy, tokenCache }) {
  const auth = createAuth({
    secret: SECRET,
    baseUrl: ORIGIN,
    roles: ['member', 'admin'],
    claims: { org: ANYTHING },
    session: { strategy, revalidateAge: '1d' },
    providers: [
      { id: 'bench', name: 'Bench', type: 'credentials', input: ANYTHING, identify: null, authorize: () => PERSON },
    ],
    callbacks: { jwt: ({ token, user }) => (user ? { ...token, roles: ['admin'], org: 'acme' } : token) },
    ...(strategy === 'database' && { adapter: await openAdapter() }),
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

async function openAdapter() {
  const db = new Kysely({ dialect: sqliteDialect(new Database(':memory:')) })
  await migrateToLatest(db)
  return kyselyAdapter(db)
}
