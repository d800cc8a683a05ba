import { createAuthRouter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import { openLatchkey } from './latchkey.mjs'
import { spread } from './statistics.mjs'

/** A role-guarded call through `createCaller` against one bare middleware: CPU of both, in pairs. */
export async function measureCaller({ rounds, milliseconds }) {
  const { auth, cookie } = await openLatchkey({ strategy: 'jwt' })
  const { authContext, requireRole } = createAuthRouter(auth)
  const t = initTRPC.context().create()
  const router = t.router({
    guarded: t.procedure.concat(requireRole('admin')).query(() => 1),
    bare: t.procedure.use(({ next }) => next({ ctx: { session: 1 } })).query(() => 1),
  })
  const caller = t.createCallerFactory(router)(authContext({ headers: { cookie } }))
  const pairs = []
  for (let round = 0; round <= rounds; round++)
    pairs.push([await spend(() => caller.bare(), milliseconds), await spend(() => caller.guarded(), milliseconds)])
  // The first pair warms up.
  return spread(pairs.slice(1).map(([bare, guarded]) => guarded / bare))
}

async function spend(run, milliseconds) {
  const until = performance.now() + milliseconds
  const before = process.cpuUsage()
  let calls = 0
  for (; performance.now() < until; calls += 50) for (let call = 0; call < 50; call++) await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}
