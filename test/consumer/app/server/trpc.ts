import { boundedSuperjson } from '@latchkey/superjson'
import { initTRPC } from '@trpc/server'
import type { CreateHTTPContextOptions } from '@trpc/server/adapters/standalone'
import superjson from 'superjson'
import {
  authContext,
  authErrorFormatter,
  db,
  protectedMiddleware,
  requireClaim,
  requireFresh,
  requireRole,
  requireScope,
} from './auth.ts'

export async function createContext(opts: CreateHTTPContextOptions) {
  return { ...authContext(opts), db }
}

export const t = initTRPC
  .context<typeof createContext>()
  .create({ transformer: boundedSuperjson(superjson), errorFormatter: authErrorFormatter })

export const publicProcedure = t.procedure
export const authedProcedure = t.procedure.use(protectedMiddleware)
export const adminProcedure = t.procedure.use(requireRole.middleware('admin'))
export const globexProcedure = t.procedure.concat(requireClaim('orgId', 'o_2'))
export const freshProcedure = t.procedure.concat(requireFresh({ maxAge: '5m' }))
export const scopedProcedure = t.procedure.concat(requireScope('posts:read'))
