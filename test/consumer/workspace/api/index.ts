import { authErrorFormatter } from '@latchkey/trpc'
import { authContext, authRouter, protectedProcedure } from '@workspace/auth'
import { initTRPC } from '@trpc/server'

const t = initTRPC.context<ReturnType<typeof authContext>>().create({ errorFormatter: authErrorFormatter })

export const appRouter = t.router({
  auth: authRouter,
  me: t.procedure.concat(protectedProcedure).query(({ ctx }) => ctx.session),
})
export type AppRouter = typeof appRouter
