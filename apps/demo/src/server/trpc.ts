import { boundedSuperjson } from '@latchkey/superjson'
import { initTRPC } from '@trpc/server'
import type { CreateHTTPContextOptions } from '@trpc/server/adapters/standalone'
import superjson from 'superjson'
import { authContext, authErrorFormatter, protectedMiddleware, requireRole, requireScope } from './auth.ts'
import { db } from './db.ts'

// 1. Context: who asks, and what procedures work with
export function createContext(opts: CreateHTTPContextOptions) {
  return { ...authContext(opts), db }
}

// 2. The app's own root
export const t = initTRPC.context<typeof createContext>().create({
  transformer: boundedSuperjson(superjson),
  errorFormatter: authErrorFormatter,
  // tRPC sends stack traces to clients unless NODE_ENV is `production`, and the demo runs without it.
  isDev: false,
})

// 3. Procedures, from anybody's to an admin's
export const publicProcedure = t.procedure
export const authedProcedure = t.procedure.use(protectedMiddleware)
/** For people, and for their API keys with this scope. */
export const membersProcedure = t.procedure.use(requireScope.middleware('members:read'))
export const adminProcedure = t.procedure.use(requireRole.middleware('admin'))
