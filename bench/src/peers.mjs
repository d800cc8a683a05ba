import { Auth } from '@auth/core'
import { encode, getToken } from '@auth/core/jwt'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { SqliteDialect } from 'kysely'
import Database from 'libsql'
import { cookieHeader, ORIGIN, PERSON, SECRET } from './people.mjs'

const NAME = 'authjs.session-token'

/** `@auth/core`: reading the token, as its middleware advice has it, and its session route. */
export async function openAuthJs() {
  const claims = { sub: PERSON.id, name: PERSON.name, email: PERSON.email, roles: ['admin'], org: 'acme' }
  const token = await encode({ token: claims, secret: SECRET, salt: NAME })
  const cookie = cookieHeader(`${NAME}=${token}`)
  const config = { secret: SECRET, trustHost: true, basePath: '/auth', providers: [], session: { strategy: 'jwt' } }
  return {
    cookie,
    getToken: (req) => getToken({ req, secret: SECRET, cookieName: NAME, salt: NAME }),
    sessionRoute: async () =>
      (await Auth(new Request(`${ORIGIN}/auth/session`, { headers: { cookie } }), config)).json(),
  }
}

/** better-auth on a row in SQLite; with `cookieCache` on the cookie that it keeps beside it. */
export async function openBetterAuth({ cookieCache }) {
  const options = {
    secret: SECRET,
    baseURL: ORIGIN,
    database: { dialect: new SqliteDialect({ database: new Database(':memory:') }), type: 'sqlite' },
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    session: { cookieCache: { enabled: cookieCache, maxAge: 3_600 } },
  }
  const { runMigrations } = await getMigrations(options)
  await runMigrations()
  const auth = betterAuth(options)
  const body = { email: PERSON.email, name: PERSON.name, password: 'correct horse battery staple' }
  const { headers } = await auth.api.signUpEmail({ body, returnHeaders: true })
  const cookies = headers.getSetCookie().map((header) => header.split(';')[0])
  const cookie = cookieHeader(cookies.join('; '))
  return { cookie, getSession: (request) => auth.api.getSession({ headers: request.headers }) }
}
