import { scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { createAuthRouter } from '@latchkey/trpc'
import { initTRPC, TRPCError } from '@trpc/server'
import superjson from 'superjson'
import { openAdapter, openLatchkey } from '../latchkey.mjs'
import { openGcm, openJoin, openPostgresJoin } from '../limits.mjs'
import { openAuthJs, openBetterAuth, openIronSession, openJose } from '../peers.mjs'
import { cookieHeader, ORIGIN, PERSON } from '../people.mjs'
import { openSchema } from '../postgres.mjs'

// The same app with one way after another to know its caller: `whoAmI` is guarded, `ping` is public, `once` is a guarded stream of one event.

const CONSTANT = { user: PERSON, roles: ['admin'], expires: new Date('2030-01-01') }
const answer = () => ({ id: PERSON.id, at: CONSTANT.expires })

async function* stream() {
  yield answer()
}

const VARIANTS = {
  'no auth': async () => {
    const t = initTRPC.create({ transformer: superjson })
    const router = t.router({ ping: t.procedure.query(answer) })
    return { cookie: cookieHeader('session=none'), router, createContext: () => ({}) }
  },
  'a constant session': () => byHand({ cookie: cookieHeader('session=x'), find: () => CONSTANT }),
  'Latchkey, token': () => withLatchkey({ strategy: 'jwt' }),
  'AES-GCM by hand': () => byHand(findWith(openGcm())),
  'Latchkey, cold token': () => withLatchkey({ strategy: 'jwt', tokenCache: false }),
  'a join by hand (SQLite)': () => byHand(findWith(openJoin())),
  'Latchkey, row (SQLite)': () => withLatchkey({ strategy: 'database' }),
  'a join by hand (PostgreSQL)': () => onPostgres(async (pool) => byHand(findWith(await openPostgresJoin(pool)))),
  'Latchkey, row (PostgreSQL)': () =>
    onPostgres(async (pool) => withLatchkey({ strategy: 'database', ...(await openAdapter(pool)) })),
  '@auth/core getToken': async () => {
    const { cookie, getToken } = await openAuthJs()
    return byHand({ cookie, find: getToken })
  },
  'better-auth, row (SQLite)': () => withBetterAuth({}),
  'better-auth, cookie cache': () => withBetterAuth({ cookieCache: 'compact' }),
  'iron-session': async () => {
    const { cookie, read } = await openIronSession()
    return byHand({ cookie, find: (req) => read(new Request(ORIGIN, { headers: req.headers })) })
  },
  'jose, HS256': async () => byHand(findWith(await openJose())),
  // Its sign-ins hash, and aren't counted.
  'sign-in storm': () => withLatchkey({ strategy: 'jwt', authorize: hashSlowly() }),
}

/** The app of that name, or null if what it needs (a PostgreSQL) isn't there. */
export function openVariant(name) {
  return VARIANTS[name]()
}

/** A guard around a look-up that some library does, or nobody. */
function byHand({ cookie, find }) {
  const t = initTRPC.context().create({ transformer: superjson })
  const guarded = t.procedure.use(async ({ ctx, next }) => {
    const session = await find(ctx.req)
    if (!session) throw new TRPCError({ code: 'UNAUTHORIZED' })
    return next({ ctx: { session } })
  })
  const router = t.router({ whoAmI: guarded.query(answer) })
  return { cookie, router, createContext: ({ req }) => ({ req }) }
}

async function withLatchkey(options) {
  const { auth, cookie } = await openLatchkey(options)
  const { authRouter, authContext, protectedMiddleware } = createAuthRouter(auth)
  const t = initTRPC.context().create({ transformer: superjson })
  const guarded = t.procedure.use(protectedMiddleware)
  const router = t.router({
    auth: authRouter,
    ping: t.procedure.query(answer),
    whoAmI: guarded.query(answer),
    once: guarded.subscription(stream),
  })
  return { cookie, router, createContext: (opts) => authContext(opts) }
}

async function withBetterAuth(options) {
  const { cookie, getSession } = await openBetterAuth(options)
  return byHand({ cookie, find: (req) => getSession({ headers: new Headers(req.headers) }) })
}

/** In a schema of its own, which goes with the server. */
async function onPostgres(open) {
  const schema = await openSchema()
  if (!schema) return null
  return { ...(await open(schema.connect({ max: 4 }))), close: schema.close }
}

/** A reader of requests over what Node's adapter hands over. */
function findWith({ cookie, read }) {
  const find = ({ headers }) => read({ headers: { get: (name) => headers[name] } })
  return { cookie, find }
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
