// The same small app in several forms: roles, claims, what shapes them, what clients get, and any number of guarded procedures.

const queries = (procedures) =>
  Array.from(
    { length: procedures },
    (_, number) =>
      `  query${number}: guarded.input(z.object({ id: z.string() })).query(({ input }) => ({ id: input.id, number: ${number} })),`,
  ).join('\n')

const TAIL = `
export type Outputs = inferRouterOutputs<typeof appRouter>
export const first: Outputs['query0'] = { id: 'x', number: 0 }`

const plain = (guarded) => (procedures) => `import { initTRPC, type inferRouterOutputs } from '@trpc/server'
import { z } from 'zod'
const t = initTRPC.context<{ readonly user: { readonly id: string } }>().create()
const guarded = ${guarded}
export const appRouter = t.router({
${queries(procedures)}
})
${TAIL}`

const latchkey =
  (guarded, admin) => (procedures) => `import { createAuth, credentials, memoryAdapter } from '@latchkey/core'
import { createAuthRouter } from '@latchkey/trpc'
import { initTRPC, type inferRouterOutputs } from '@trpc/server'
import { z } from 'zod'
const auth = createAuth({
  secret: 'x',
  adapter: memoryAdapter(),
  roles: ['member', 'editor', 'admin'],
  claims: { org: z.string(), plan: z.string() },
  providers: [credentials({ input: z.object({ email: z.string(), password: z.string() }), identify: ({ email }) => email, authorize: ({ email }) => ({ id: email, email }) })],
  callbacks: {
    jwt: ({ token, user }) => (user ? { ...token, roles: ['member'], org: 'acme', plan: 'free' } : token),
    session: ({ session, token }) => ({ ...session, orgName: token.org }),
  },
})
const { authRouter, authContext, protectedProcedure, protectedMiddleware, requireRole } = createAuthRouter(auth)
const t = initTRPC.context<ReturnType<typeof authContext>>().create()
const guarded = ${guarded}
export const appRouter = t.router({
  auth: authRouter,
  who: guarded.query(({ ctx }) => ctx.session.claims.org),
  admin: ${admin}.query(({ ctx }) => ctx.session.roles),
${queries(procedures)}
})
${TAIL}
export const org: string | undefined = (null as unknown as NonNullable<Outputs['auth']['session']>).orgName`

const betterAuth = (procedures) => `import { betterAuth, type BetterAuthOptions } from 'better-auth'
import { customSession } from 'better-auth/plugins'
import { initTRPC, TRPCError, type inferRouterOutputs } from '@trpc/server'
import { z } from 'zod'
const options = {
  secret: 'x',
  emailAndPassword: { enabled: true },
  user: { additionalFields: { role: { type: 'string', input: false }, org: { type: 'string' }, plan: { type: 'string' } } },
} satisfies BetterAuthOptions
const auth = betterAuth({ ...options, plugins: [customSession(async ({ user, session }) => ({ user, session, orgName: user.org }), options)] })
type Session = typeof auth.$Infer.Session
const t = initTRPC.context<{ readonly headers: Headers }>().create()
const guarded = t.procedure.use(async ({ ctx, next }) => {
  const session = await auth.api.getSession({ headers: ctx.headers })
  if (!session) throw new TRPCError({ code: 'UNAUTHORIZED' })
  return next({ ctx: { session } })
})
const admin = guarded.use(({ ctx, next }) => {
  if (ctx.session.user.role !== 'admin') throw new TRPCError({ code: 'FORBIDDEN' })
  return next()
})
export const appRouter = t.router({
  session: guarded.query(({ ctx }): Session => ctx.session),
  who: guarded.query(({ ctx }) => ctx.session.user.org),
  admin: admin.query(({ ctx }) => ctx.session.user.role),
${queries(procedures)}
})
${TAIL}
export const org: string | undefined | null = (null as unknown as Session).orgName`

/** How many procedures, to the app's source. */
export const APPS = {
  none: plain('t.procedure'),
  bare: plain('t.procedure.use(({ ctx, next }) => next({ ctx: { session: ctx.user } }))'),
  use: latchkey('t.procedure.use(protectedMiddleware)', "t.procedure.use(requireRole.middleware('admin'))"),
  concat: latchkey('t.procedure.concat(protectedProcedure)', "t.procedure.concat(requireRole('admin'))"),
  betterAuth,
}
