import { createAuth, createSessionBus, credentials } from '@latchkey/core'
import { authErrorFormatter, createAuthRouter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { env } from 'cloudflare:workers'
import { z } from 'zod'

// Made when the module is loaded, as in an app: the environment comes with the first request.
const options = { secret: () => env.AUTH_SECRET, baseUrl: () => env.AUTH_URL, bus: createSessionBus() }
const auth = createAuth({
  ...options,
  providers: [
    credentials({
      input: z.object({ name: z.string() }),
      identify: ({ name }) => name,
      authorize: ({ name }) => ({ id: name, name }),
    }),
  ],
})
/** As another bundle of the same app would have one. */
const other = createAuth({ ...options, basePath: '/other' })
const { authRouter, authContext, protectedProcedure } = createAuthRouter(auth)
const t = initTRPC.context<ReturnType<typeof authContext>>().create({ errorFormatter: authErrorFormatter })

const appRouter = t.router({
  auth: authRouter,
  rename: t.procedure
    .concat(protectedProcedure)
    .input(z.object({ title: z.string() }))
    .mutation(({ ctx, input }) => `${ctx.session.user.id}: ${input.title}`),
  echo: t.procedure.input(z.string()).mutation(({ input }) => input),
})
export type WorkerRouter = typeof appRouter

export default {
  fetch(request: Request): Promise<Response> | Response {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/auth/')) return auth.handler(request)
    if (pathname.startsWith('/other/')) return other.handler(request)
    return fetchRequestHandler({ endpoint: '/trpc', req: request, router: appRouter, createContext: authContext })
  },
}
