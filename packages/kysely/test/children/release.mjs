import { pathToFileURL } from 'node:url'
import { connect } from './connect.mjs'

// An instance of an app, of whatever release: the first argument is core's entry, the others are as in `connect`. It does what the parent
// asks for: `migrate`, or a request to its own `auth.handler`.
const [coreEntry, strategy, ...address] = process.argv.slice(2)
const { createAuth, credentials } = await import(coreEntry === '-' ? '@latchkey/core' : pathToFileURL(coreEntry).href)
const { db, kyselyAdapter, migrateToLatest } = await connect(address)
const anything = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } }
const ORIGIN = 'http://app.test'
const auth = createAuth({
  secret: 'vX3p9Lq7Zt2mB6wK8rN4sD1fG5hJ0yCa',
  baseUrl: ORIGIN,
  adapter: kyselyAdapter(db, { writeTimeout: '30s' }),
  adapterTimeout: '30s',
  session: { strategy, revalidateAge: 0.001 },
  tokens: { enabled: true },
  limits: { signIn: false },
  claims: { org: anything },
  update: anything,
  providers: [
    credentials({
      id: 'anyone',
      name: 'Anyone',
      input: anything,
      identify: null,
      authorize: ({ id }) => ({ id, name: id }),
    }),
  ],
})

async function ask({ path, method = 'POST', body, cookie, token }) {
  const headers = { origin: ORIGIN, 'content-type': 'application/json' }
  if (cookie) headers.cookie = cookie
  if (token) headers.authorization = `Bearer ${token}`
  const text = method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}
  const response = await auth.handler(new Request(`${ORIGIN}/auth${path}`, { method, headers, ...text }))
  const [sent] = response.headers.getSetCookie().map((each) => each.split(';')[0])
  return { status: response.status, body: await response.json(), cookie: sent }
}

async function read({ cookie, token }) {
  const headers = cookie ? { cookie } : { authorization: `Bearer ${token}` }
  return auth.getSession(new Request(`${ORIGIN}/page`, { headers }))
}

const TASKS = { ask, read, migrate: () => migrateToLatest(db) }

process.on('message', async ({ id, task, what }) => {
  try {
    process.send({ id, answer: await TASKS[task](what) })
  } catch (error) {
    process.send({ id, error: String(error?.cause ?? error) })
  }
})
process.on('disconnect', () => void db.destroy())
process.send('ready')
