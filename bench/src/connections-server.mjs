import { createServer } from 'node:http'
import { createAuthRouter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { WebSocketServer } from 'ws'
import { countBytes } from './kept.mjs'
import { openAdapter, openLatchkey } from './latchkey.mjs'
import { fillPeople, readToken } from './rows.mjs'

// A server whose only procedure is a subscription that says one thing and then waits, with a session of its own for everybody or without auth.

const VARIANTS = {
  Latchkey: async (people) => {
    const { adapter, sqlite } = await openAdapter()
    const { auth, cookie } = await openLatchkey({ strategy: 'database', adapter })
    const { name, token } = readToken(cookie)
    fillPeople(sqlite, 2, people + 2, token)
    const { authRouter, authContext, protectedMiddleware } = createAuthRouter(auth)
    const t = initTRPC.context().create()
    const router = t.router({ auth: authRouter, wait: t.procedure.use(protectedMiddleware).subscription(waitForEnd) })
    return { router, createContext: (opts) => authContext(opts), cookie: { name, token }, end: auth.revokeSessions }
  },
  'no auth': async () => {
    const t = initTRPC.create()
    const router = t.router({ wait: t.procedure.subscription(waitForEnd) })
    return { router, createContext: () => ({}), cookie: { name: 'session', token: 'none' } }
  },
}

async function* waitForEnd({ signal }) {
  yield 0
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

async function listen({ router, createContext }) {
  const server = createServer(createHTTPHandler({ router, createContext }))
  applyWSSHandler({ wss: new WebSocketServer({ server }), router, createContext })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server.address().port
}

/** CPU time of this process until now. */
function countMilliseconds() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Ends one person's session. @returns when, by a clock that all processes of a machine share: milliseconds */
async function endOne(end, person) {
  const at = Number(process.hrtime.bigint()) / 1e6
  const { revoked } = await end(`user-${person}`)
  if (revoked !== 1) throw new Error(`${revoked} sessions ended`)
  return at
}

if (process.send) {
  const { variant, people } = JSON.parse(process.argv[2])
  const app = await VARIANTS[variant](people)
  const ask = {
    bytes: () => countBytes(),
    cpu: () => countMilliseconds(),
    end: (person) => endOne(app.end, person),
  }
  process.on('message', async ({ id, question, argument }) => {
    process.send({ id, answer: await ask[question](argument) })
  })
  process.on('disconnect', () => process.exit(0))
  process.send({ id: 0, answer: { port: await listen(app), cookie: app.cookie } })
}
