import { createSecretKey } from 'node:crypto'
import { Auth } from '@auth/core'
import { encode, getToken } from '@auth/core/jwt'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { getIronSession, sealData } from 'iron-session'
import { EncryptJWT, jwtDecrypt, jwtVerify, SignJWT } from 'jose'
import { PostgresDialect, SqliteDialect } from 'kysely'
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

/** iron-session: a sealed cookie, opened with the key derived from the password each time. */
export async function openIronSession() {
  const options = { cookieName: 'iron', password: SECRET, ttl: 3_600 }
  const seal = await sealData({ user: PERSON, roles: ['admin'], org: 'acme' }, options)
  const read = async (request) => {
    const session = await getIronSession(request, new Response(), options)
    return session.user ? session : null
  }
  return { cookie: cookieHeader(`iron=${seal}`), read }
}

/** jose alone: the same token as Latchkey's and Auth.js's (JWE, `dir` with A256GCM), its key imported once. */
export async function openJoseJwe() {
  const key = createSecretKey(Buffer.from(SECRET.slice(0, 32)))
  const claims = { sub: PERSON.id, name: PERSON.name, email: PERSON.email, roles: ['admin'], org: 'acme' }
  const token = await new EncryptJWT(claims)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .setExpirationTime('1h')
    .encrypt(key)
  const read = async (request) => {
    const [, found] = /(?:^|; )jose=([^;]*)/.exec(request.headers.get('cookie')) ?? []
    return (await jwtDecrypt(found, key)).payload
  }
  return { cookie: cookieHeader(`jose=${token}`), read }
}

/** jose alone: a signed token (HS256) in a cookie, its key imported once. */
export async function openJose() {
  const key = createSecretKey(Buffer.from(SECRET))
  const claims = { name: PERSON.name, email: PERSON.email, roles: ['admin'], org: 'acme' }
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(PERSON.id)
    .setExpirationTime('1h')
    .sign(key)
  const read = async (request) => {
    const [, found] = /(?:^|; )jose=([^;]*)/.exec(request.headers.get('cookie')) ?? []
    return (await jwtVerify(found, key, { algorithms: ['HS256'] })).payload
  }
  return { cookie: cookieHeader(`jose=${token}`), read }
}

/** better-auth on a row; with `cookieCache` on the cookie that it keeps beside it, signed (`compact`) or encrypted (`jwe`). */
export async function openBetterAuth({ cookieCache, postgres }) {
  const database = postgres
    ? { dialect: new PostgresDialect({ pool: postgres }), type: 'postgres' }
    : { dialect: new SqliteDialect({ database: new Database(':memory:') }), type: 'sqlite' }
  const options = {
    secret: SECRET,
    baseURL: ORIGIN,
    database,
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    session: {
      cookieCache: { enabled: Boolean(cookieCache), maxAge: 3_600, ...(cookieCache && { strategy: cookieCache }) },
    },
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
