import { createAuth, credentials } from '@latchkey/core'
import { connect } from './connect.mjs'

// One instance of an app: it does to its own `auth.handler` what the parent asks for, as many times at once as it says.
const { db, kyselyAdapter } = await connect(process.argv.slice(2))
const anything = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } }
const auth = createAuth({
  secret: 'vX3p9Lq7Zt2mB6wK8rN4sD1fG5hJ0yCa',
  baseUrl: 'http://app.test',
  // Fifty wait for one row, on whatever machine: nobody gives up.
  adapter: kyselyAdapter(db, { writeTimeout: '30s' }),
  adapterTimeout: '30s',
  session: { strategy: 'jwt' },
  tokens: { enabled: true },
  limits: { signIn: false },
  providers: [
    credentials({ id: 'anyone', name: 'Anyone', input: anything, identify: null, authorize: ({ id }) => ({ id }) }),
  ],
})

async function call({ path, body, everywhere }) {
  // What the app's own server does, for one.
  if (everywhere) return auth.revokeSessions(everywhere).then(() => ({}))
  const headers = { 'content-type': 'application/json' }
  const request = new Request(`http://app.test/auth${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer = await (await auth.handler(request)).json()
  return { refreshToken: answer.refreshToken, kind: answer.error?.kind, sessionId: answer.sessionId }
}

process.on('message', async ({ times, ...what }) => {
  process.send(await Promise.all(Array.from({ length: times }, () => call(what))))
})
process.on('disconnect', () => void db.destroy())
process.send('ready')
