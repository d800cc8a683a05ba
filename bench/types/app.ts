import { initTRPC, type inferRouterOutputs } from '@trpc/server'
import { z } from 'zod'
const t = initTRPC.context<{ readonly user: { readonly id: string } }>().create()
const guarded = t.procedure.use(({ ctx, next }) => next({ ctx: { session: ctx.user } }))
export const appRouter = t.router({
    query0: guarded.input(z.object({ id: z.string() })).query(({ input }) => ({ id: input.id, number: 0 })),
    query1: guarded.input(z.object({ id: z.string() })).query(({ input }) => ({ id: input.id, number: 1 })),
    query2: guarded.input(z.object({ id: z.string() })).query(({ input }) => ({ id: input.id, number: 2 })),
})

export type Outputs = inferRouterOutputs<typeof appRouter>
export const first: Outputs['query0'] = { id: 'x', number: 0 }