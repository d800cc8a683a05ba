import { authContext, authRouter } from '@workspace/auth'
import { initTRPC } from '@trpc/server'

// Nothing of `@latchkey/trpc` is imported here: TypeScript then names types of this router by `@latchkey/core`, which this package lacks.
const t = initTRPC.context<ReturnType<typeof authContext>>().create()

export const appRouter = t.router({ auth: authRouter })
export type AppRouter = typeof appRouter
