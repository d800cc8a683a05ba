import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('..', import.meta.url))

/**
 * Types that the compiler instantiates for the same small app (roles, claims, what shapes them, what clients get), without auth, on Latchkey
 * with `concat` and with `use`, and on better-auth; and for one more procedure.
 */
export function measureTypes() {
  const count = (app, procedures = 3) => instantiations(APPS[app](procedures))
  const perProcedure = (app) => (count(app, 23) - count(app, 3)) / 20
  return {
    bare: count('bare'),
    latchkey: count('latchkey'),
    middleware: count('middleware'),
    betterAuth: count('betterAuth'),
    procedure: { bare: perProcedure('bare'), latchkey: perProcedure('latchkey') },
  }
}

const QUERIES = (procedures, base) =>
  Array.from(
    { length: procedures },
    (_, number) =>
      `    query${number}: ${base}.input(z.object({ id: z.string() })).query(({ input }) => ({ id: input.id, number: ${number} })),`,
  ).join('\n')

const TAIL = `
export type Outputs = inferRouterOutputs<typeof appRouter>
export const first: Outputs['query0'] = { id: 'x', number: 0 }`

const latchkey = (
  procedures,
  guarded,
  admin,
) => `import { createAuth, credentials, memoryAdapter } from '@latchkey/core'
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
${QUERIES(procedures, 'guarded')}
})
${TAIL}
export const org: string | undefined = (null as unknown as NonNullable<Outputs['auth']['session']>).orgName`

const APPS = {
  bare: (procedures) => `import { initTRPC, type inferRouterOutputs } from '@trpc/server'
import { z } from 'zod'
const t = initTRPC.context<{ readonly user: { readonly id: string } }>().create()
const guarded = t.procedure.use(({ ctx, next }) => next({ ctx: { session: ctx.user } }))
export const appRouter = t.router({
${QUERIES(procedures, 'guarded')}
})
${TAIL}`,

  latchkey: (procedures) =>
    latchkey(procedures, 't.procedure.concat(protectedProcedure)', "t.procedure.concat(requireRole('admin'))"),
  middleware: (procedures) =>
    latchkey(procedures, 't.procedure.use(protectedMiddleware)', "t.procedure.use(requireRole.middleware('admin'))"),

  betterAuth: (procedures) => `import { betterAuth, type BetterAuthOptions } from 'better-auth'
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
${QUERIES(procedures, 'guarded')}
})
${TAIL}
export const org: string | undefined | null = (null as unknown as Session).orgName`,
}

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    module: 'NodeNext',
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
  },
  files: ['app.ts'],
}

/** The app compiles, or there is nothing to compare. */
function instantiations(code) {
  const folder = `${here}types`
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/app.ts`, code)
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(TSCONFIG))
  const args = ['node_modules/typescript/bin/tsc', '-p', 'types', '--extendedDiagnostics', '--singleThreaded']
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: here, encoding: 'utf8' })
  rmSync(folder, { recursive: true, force: true })
  const [, found] = /Instantiations:\s+(\d+)/.exec(stdout) ?? []
  if (status !== 0 || !found) throw new Error(stdout)
  return Number(found)
}
