import { authErrorFormatter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import type { CreateHTTPContextOptions } from '@trpc/server/adapters/standalone'
import { authContext, authRouter, protectedProcedure, requireRole } from './auth.js'

export const createContext = (opts: CreateHTTPContextOptions) => ({ ...authContext(opts), db: 'the database' })

const t = initTRPC.context<typeof createContext>().create({ errorFormatter: authErrorFormatter })

export const authed = t.procedure.concat(protectedProcedure)
export const admin = t.procedure.concat(requireRole('admin'))

export const appRouter = t.router({
  auth: authRouter,
  greeting: t.procedure.query(async ({ ctx }) => ((await ctx.auth.session()) ? 'Welcome back' : 'Welcome')),
  me: authed.query(({ ctx }) => ctx.session),
  org: authed.query(({ ctx: { session } }) => session.claims.org),
  used: t.procedure.use(requireRole.middleware('member')).query(({ ctx }) => ctx.db),
  close: admin.mutation(({ ctx }) => ctx.session.user.id),
})
export type AppRouter = typeof appRouter
