import { z } from 'zod'
import { authRouter, mountAuth } from './auth.ts'
import {
  adminProcedure,
  authedProcedure,
  freshProcedure,
  globexProcedure,
  publicProcedure,
  scopedProcedure,
  t,
} from './trpc.ts'

export const appRouter = t.router({
  auth: authRouter,
  hello: publicProcedure.query(() => 'hello'),
  post: t.router({
    create: authedProcedure
      .input(z.object({ title: z.string() }))
      .mutation(({ ctx, input }) => ({ title: input.title, by: ctx.session.user.id, in: ctx.session.claims.orgId })),
    remove: adminProcedure.mutation(({ ctx }) => ctx.session.roles),
  }),
  posts: scopedProcedure.query(({ ctx }) => `${ctx.session.user.id} by ${ctx.session.via}`),
  globex: globexProcedure.query(({ ctx }) => ctx.session.claims.org ?? null),
  password: freshProcedure.mutation(() => 'changed'),
})

/** The same mount, checked. */
export const checkedRouter = t.router({ auth: mountAuth(t, authRouter) })

export type AppRouter = typeof appRouter
