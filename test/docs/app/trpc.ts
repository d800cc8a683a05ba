import { boundedSuperjson } from '@latchkey/superjson'
import { authErrorFormatter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import type { CreateHTTPContextOptions } from '@trpc/server/adapters/standalone'
import superjson from 'superjson'
import { kit } from './auth.ts'

export const createContext = (opts: CreateHTTPContextOptions) => ({ ...kit.authContext(opts) })

export const t = initTRPC
  .context<typeof createContext>()
  .create({ transformer: boundedSuperjson(superjson), errorFormatter: authErrorFormatter })

export const appRouter = t.router({
  auth: kit.authRouter,
  whoami: t.procedure.use(kit.protectedMiddleware).query(({ ctx }) => ctx.session),
})

export type Router = typeof appRouter
