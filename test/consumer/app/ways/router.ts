import { initTRPC } from '@trpc/server'
import superjson from 'superjson'
import { auth, authContext, authErrorFormatter, authRouter, protectedProcedure, requireFactor } from './auth.ts'

const t = initTRPC
  .context<ReturnType<typeof authContext>>()
  .create({ transformer: superjson, errorFormatter: authErrorFormatter })

const authed = t.procedure.concat(protectedProcedure)

export const appRouter = t.router({
  auth: authRouter,
  how: authed.query(({ ctx }) => ctx.session.amr),
  /** What a procedure of the app's does with operations of plug-ins. */
  rules: t.procedure.query(({ ctx }) => ctx.auth.password.rules()),
  repositories: authed.query(({ ctx }) =>
    auth.accounts.accessToken({ userId: ctx.session.user.id, provider: 'github' }),
  ),
  payOut: t.procedure.concat(requireFactor('mfa')).mutation(({ ctx }) => ctx.session.user.id),
})

export type AppRouter = typeof appRouter
