import { createAuthRouter } from '@latchkey/trpc'
import { initTRPC, TRPCError } from '@trpc/server'
import { createHTTPServer } from '@trpc/server/adapters/standalone'
import superjson from 'superjson'
import { openLatchkey } from './latchkey.mjs'
import { openAuthJs, openBetterAuth } from './peers.mjs'
import { cookieHeader, PERSON } from './people.mjs'

// One variant of the same app in a process of its own: `whoAmI` answers who asks, `ping` asks nobody.

const CONSTANT = { user: PERSON, roles: ['admin'], expires: new Date('2030-01-01') }

/** A guard around a look-up that some library does. */
async function byHand(open) {
  const { cookie, find } = await open()
  const t = initTRPC.context().create({ transformer: superjson })
  const guarded = t.procedure.use(async ({ ctx, next }) => {
    const session = await find(ctx.req)
    if (!session) throw new TRPCError({ code: 'UNAUTHORIZED' })
    return next({ ctx: { session } })
  })
  const router = t.router({ whoAmI: guarded.query(() => ({ id: PERSON.id, at: CONSTANT.expires })) })
  return { cookie, router, createContext: ({ req }) => ({ req }) }
}

async function withLatchkey(options) {
  const { auth, cookie } = await openLatchkey(options)
  const { authContext, protectedProcedure } = createAuthRouter(auth)
  const t = initTRPC.context().create({ transformer: superjson })
  const guarded = t.procedure.concat(protectedProcedure)
  const router = t.router({ whoAmI: guarded.query(() => ({ id: PERSON.id, at: CONSTANT.expires })) })
  return { cookie, router, createContext: (opts) => authContext(opts) }
}

const VARIANTS = {
  'no auth': async () => {
    const t = initTRPC.create({ transformer: superjson })
    const router = t.router({ whoAmI: t.procedure.query(() => ({ id: PERSON.id, at: CONSTANT.expires })) })
    return { cookie: cookieHeader('session=none'), router, createContext: () => ({}) }
  },
  'a constant session behind one guard': () =>
    byHand(async () => ({ cookie: cookieHeader('session=x'), find: () => CONSTANT })),
  'Latchkey, warm token': () => withLatchkey({ strategy: 'jwt' }),
  'Latchkey, database row (SQLite)': () => withLatchkey({ strategy: 'database' }),
  '@auth/core getToken': () =>
    byHand(async () => {
      const { cookie, getToken } = await openAuthJs()
      return { cookie, find: getToken }
    }),
  'better-auth, row (SQLite)': () =>
    byHand(async () => {
      const { cookie, getSession } = await openBetterAuth({ cookieCache: false })
      return { cookie, find: (req) => getSession({ headers: new Headers(req.headers) }) }
    }),
}

export const VARIANT_NAMES = Object.keys(VARIANTS)

if (process.send) {
  const { cookie, router, createContext } = await VARIANTS[process.argv[2]]()
  const server = createHTTPServer({ router, createContext }).listen(0, '127.0.0.1')
  server.once('listening', () => process.send({ port: server.address().port, cookie }))
  process.on('disconnect', () => process.exit(0))
}
