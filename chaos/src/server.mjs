import { createServer } from 'node:http'
import { createAuth, credentials } from '@latchkey/core'
import { toNodeHandler } from '@latchkey/core/node'
import { kyselyAdapter, postgresDialect } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { authErrorFormatter, createAuthRouter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { Kysely } from 'kysely'
import pg from 'pg'
import { z } from 'zod'

// The app: one process, one database, both strategies beside each other under /jwt and /database. Nothing that matters here is set: time
// limits are the defaults, and the pool's are those that postgresDialect's documentation shows.
const pool = new pg.Pool({
  ...JSON.parse(process.env.DATABASE),
  application_name: 'server',
  connectionTimeoutMillis: 2_000,
  query_timeout: 10_000,
  keepAlive: true,
})
const db = new Kysely({ dialect: postgresDialect(pool) })
await migrateToLatest(db)

const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address()
  const handlers = Object.fromEntries(['jwt', 'database'].map((strategy) => [strategy, openApp(strategy, port)]))
  server.on('request', (req, res) => {
    const [, strategy, part] = req.url.split('/')
    return handlers[strategy][part](req, res)
  })
  process.send({ origin: `http://127.0.0.1:${port}` })
})
// The process that started it is gone.
process.on('disconnect', () => process.exit())

function openApp(strategy, port) {
  const auth = createAuth({
    secret: 'a secret that is long enough for this purpose',
    baseUrl: `http://127.0.0.1:${port}`,
    basePath: `/${strategy}/auth`,
    adapter: kyselyAdapter(db),
    // So short that a session is checked and extended every few seconds, and not once in a run.
    session: { strategy, revalidateAge: '1s', updateAge: '2s' },
    tokens: { enabled: true },
    providers: [
      credentials({
        input: z.object({ name: z.string(), password: z.string() }),
        identify: ({ name }) => name,
        authorize: ({ name, password }) => (password === 'right' ? { id: name, name } : null),
      }),
    ],
    logger: { error: () => {}, warn: () => {} },
  })
  const { authRouter, authContext, protectedProcedure } = createAuthRouter(auth)
  const t = initTRPC.context().create({ errorFormatter: authErrorFormatter })
  const router = t.router({
    auth: authRouter,
    me: t.procedure.concat(protectedProcedure).query(({ ctx }) => ctx.session.user.id),
  })
  return {
    auth: toNodeHandler(auth.handler),
    trpc: createHTTPHandler({ router, createContext: authContext, basePath: `/${strategy}/trpc/` }),
  }
}
