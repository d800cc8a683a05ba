import { createAuth, credentials, type Session, type SessionAdapter, type TypesOf } from '@latchkey/core'
import { authErrorFormatter, createAuthRouter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import type { CreateHTTPContextOptions } from '@trpc/server/adapters/standalone'
import superjson from 'superjson'
import { z } from 'zod'

// Nothing here runs: an app as one would write it, for the type tests beside it.

declare const adapter: SessionAdapter

export const auth = createAuth({
  secret: 'any',
  adapter,
  roles: ['member', 'admin'],
  claims: { org: z.string(), plan: z.enum(['free', 'pro']), tags: z.array(z.string()) },
  update: z.object({ org: z.string() }),
  providers: [
    credentials({
      input: z.object({ email: z.string() }),
      identify: ({ email }) => email,
      authorize: ({ email }) => ({ id: email }),
    }),
    credentials({
      id: 'badge',
      input: z.object({ number: z.number() }),
      identify: ({ number }) => String(number),
      authorize: ({ number }) => ({ id: String(number) }),
    }),
  ],
  callbacks: { session: ({ session, token }) => ({ ...session, orgName: token.org }) },
})

export const {
  authRouter,
  authContext,
  mountAuth,
  protectedProcedure,
  protectedMiddleware,
  requireRole,
  requireClaim,
  requireCondition,
  requireFactor,
  requireFresh,
} = createAuthRouter(auth)

export function createContext(opts: CreateHTTPContextOptions) {
  return { ...authContext(opts), db: 'the database' }
}

export const t = initTRPC
  .context<typeof createContext>()
  .create({ transformer: superjson, errorFormatter: authErrorFormatter })

export const publicProcedure = t.procedure
export const authedProcedure = t.procedure.concat(protectedProcedure)
export const adminProcedure = t.procedure.concat(requireRole('admin'))

export const appRouter = t.router({
  auth: authRouter,
  me: authedProcedure.query(({ ctx }) => ctx.session),
  used: t.procedure.use(requireRole.middleware('member')).query(({ ctx }) => ({ id: ctx.session.user.id, db: ctx.db })),
  admin: adminProcedure
    .input(z.object({ id: z.string() }))
    .mutation(({ ctx, input }) => ({ by: ctx.session.user.id, id: input.id })),
})

export type AppRouter = typeof appRouter

/** What this configuration is made of, as the library passes it on. */
export type Types = TypesOf<typeof auth>

/** What guards hand on. */
export type AppSession = Session<'member' | 'admin', { org?: string; plan?: 'free' | 'pro'; tags?: string[] }>

/** An app without adapter, `update` schema, roles or claims. */
export const bare = createAuth({ secret: 'any' })
export const bareKit = createAuthRouter(bare)
