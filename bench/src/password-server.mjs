import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createAuth } from '@latchkey/core'
import { toNodeHandler } from '@latchkey/core/node'
import { kyselyAdapter, sqliteDialect } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { password } from '@latchkey/password'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler as toBetterAuthHandler } from 'better-auth/node'
import { Kysely, SqliteDialect } from 'kysely'
import Database from 'libsql'
import { ORIGIN, SECRET } from './people.mjs'

// One library with passwords in a process of its own, over SQLite in memory: `POST signIn` and `GET session`, each as the library has them.

/** As many people as sign in at a time: each with an account of their own. */
const PEOPLE = Number(process.argv[3])
const PASSWORD = 'seven green boats at noon'
const email = (index) => `person${index}@example.com`

async function openLatchkey(options) {
  const db = new Kysely({ dialect: sqliteDialect(new Database(':memory:')) })
  const plugins = [password(options)]
  await migrateToLatest(db, { plugins })
  const auth = createAuth({ secret: SECRET, baseUrl: ORIGIN, adapter: kyselyAdapter(db), plugins })
  return {
    handler: toNodeHandler(auth.handler),
    signUp: { path: '/auth/password/sign-up', body: (person) => ({ email: person, password: PASSWORD }) },
    signIn: { path: '/auth/signin/password', body: (person) => ({ email: person, password: PASSWORD }) },
    session: '/auth/session',
  }
}

async function openBetterAuth() {
  const options = {
    secret: SECRET,
    baseURL: ORIGIN,
    database: { dialect: new SqliteDialect({ database: new Database(':memory:') }), type: 'sqlite' },
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
  }
  await (await getMigrations(options)).runMigrations()
  return {
    handler: toBetterAuthHandler(betterAuth(options)),
    signUp: {
      path: '/api/auth/sign-up/email',
      body: (person) => ({ email: person, name: 'Somebody', password: PASSWORD }),
    },
    signIn: { path: '/api/auth/sign-in/email', body: (person) => ({ email: person, password: PASSWORD }) },
    session: '/api/auth/get-session',
  }
}

/** What no server should do: it hashes on the thread that serves. */
const blocking = {
  name: 'blocking',
  hash: async (text) => {
    const salt = randomBytes(16)
    return `blocking:${salt.toString('hex')}:${derive(text, salt).toString('hex')}`
  },
  reads: (stored) => stored.startsWith('blocking:'),
  verify: async (stored, text) => {
    const [, salt, key] = stored.split(':').map((part) => Buffer.from(part, 'hex'))
    return timingSafeEqual(derive(text, salt), key)
  },
  needsRehash: () => false,
}

/** As costly as better-auth's. */
function derive(text, salt) {
  return scryptSync(text, salt, 64, { N: 2 ** 14, r: 16, p: 1, maxmem: 2 ** 26 })
}

const VARIANTS = {
  Latchkey: () => openLatchkey({}),
  'better-auth': openBetterAuth,
  'Latchkey with scryptSync': () => openLatchkey({ hasher: blocking }),
}

export const PASSWORD_VARIANTS = Object.keys(VARIANTS)

if (process.send) {
  const { handler, signUp, signIn, session } = await VARIANTS[process.argv[2]]()
  const server = createServer((req, res) => void handler(req, res)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address()
  const headers = { 'content-type': 'application/json', origin: ORIGIN }
  const join = async (_, index) => {
    const body = JSON.stringify(signUp.body(email(index)))
    const response = await fetch(`http://127.0.0.1:${port}${signUp.path}`, { method: 'POST', headers, body })
    if (!response.ok) throw new Error(`${process.argv[2]}: signing up: ${response.status} ${await response.text()}`)
    return response.headers.getSetCookie().map((header) => header.split(';')[0])
  }
  const cookies = await Promise.all(Array.from({ length: PEOPLE }, join))
  const delay = monitorEventLoopDelay({ resolution: 5 })
  process.on('message', (message) => {
    if (message === 'begin') {
      delay.reset()
      delay.enable()
      return process.send({ begun: true })
    }
    delay.disable()
    // It measures a timer of 5 ms: what is above that is the delay.
    const toMs = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - 5)
    process.send({ p99: toMs(delay.percentile(99)), max: toMs(delay.max) })
  })
  process.send({
    port,
    session: { path: session, headers: { cookie: cookies[0].join('; ') } },
    signIn: Array.from({ length: PEOPLE }, (_, index) => ({
      method: 'POST',
      path: signIn.path,
      headers,
      body: JSON.stringify(signIn.body(email(index))),
    })),
  })
  process.on('disconnect', () => process.exit(0))
}
