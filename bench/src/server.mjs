import { scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { createAuthRouter } from '@latchkey/trpc'
import { initTRPC, TRPCError } from '@trpc/server'
import { createHTTPServer } from '@trpc/server/adapters/standalone'
import superjson from 'superjson'
import { openLatchkey } from './latchkey.mjs'
import { openGcm, openJoin } from './limits.mjs'
import { openAuthJs, openBetterAuth, openIronSession, openJose } from './peers.mjs'
import { cookieHeader, ORIGIN, PERSON } from './people.mjs'

// One variant of the same app in a process of its own: `whoAmI` returns the caller, `ping` looks nothing up.

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
  const { authRouter, authContext, protectedProcedure } = createAuthRouter(auth)
  const t = initTRPC.context().create({ transformer: superjson })
  const guarded = t.procedure.concat(protectedProcedure)
  const router = t.router({
    auth: authRouter,
    whoAmI: guarded.query(() => ({ id: PERSON.id, at: CONSTANT.expires })),
  })
  return { cookie, router, createContext: (opts) => authContext(opts) }
}

/** Checks a password as an app should: slowly, and two at a time, so that the thread pool has room. */
function hashSlowly() {
  const derive = promisify(scrypt)
  const waiting = []
  let running = 0
  return async () => {
    if (running >= 2) await new Promise((resolve) => waiting.push(resolve))
    else running++
    await derive('correct horse battery staple', 'salt', 32, { N: 2 ** 14, r: 8, p: 5 })
    // The next in the queue takes this place over.
    if (waiting.length > 0) waiting.shift()()
    else running--
    return PERSON
  }
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
  '@auth/core getToken': () =>
    byHand(async () => {
      const { cookie, getToken } = await openAuthJs()
      return { cookie, find: getToken }
    }),
  'a cold token by hand (AES-GCM)': () => byHand(async () => findWith(openGcm())),
  'Latchkey, a cold token every time': () => withLatchkey({ strategy: 'jwt', tokenCache: false }),
  'a prepared join by hand (SQLite)': () => byHand(async () => findWith(openJoin())),
  'Latchkey, database row (SQLite)': () => withLatchkey({ strategy: 'database' }),
  'better-auth, row (SQLite)': () =>
    byHand(async () => {
      const { cookie, getSession } = await openBetterAuth({})
      return { cookie, find: (req) => getSession({ headers: new Headers(req.headers) }) }
    }),
  'better-auth, cookie cache': () =>
    byHand(async () => {
      const { cookie, getSession } = await openBetterAuth({ cookieCache: 'compact' })
      return { cookie, find: (req) => getSession({ headers: new Headers(req.headers) }) }
    }),
  'iron-session': () =>
    byHand(async () => {
      const { cookie, read } = await openIronSession()
      return { cookie, find: (req) => read(new Request(ORIGIN, { headers: req.headers })) }
    }),
  'jose, HS256': () => byHand(async () => findWith(await openJose())),
  // Its sign-ins hash, and aren't counted.
  'sign-in storm': () => withLatchkey({ strategy: 'jwt', authorize: hashSlowly() }),
}

/** A reader of requests over what Node's adapter hands over. */
function findWith({ cookie, read }) {
  const find = ({ headers }) => read({ headers: { get: (name) => headers[name] } })
  return { cookie, find }
}

export const VARIANT_NAMES = Object.keys(VARIANTS).filter((name) => name !== 'sign-in storm')

if (process.send) {
  const { cookie, router, createContext } = await VARIANTS[process.argv[2]]()
  const server = createHTTPServer({ router, createContext, maxBatchSize: 10 }).listen(0, '127.0.0.1')
  server.once('listening', () => process.send({ port: server.address().port, cookie }))
  process.on('disconnect', () => process.exit(0))
}
