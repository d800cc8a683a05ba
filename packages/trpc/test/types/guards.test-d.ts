import type { AuthContext } from '@latchkey/core'
import { initTRPC } from '@trpc/server'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  adminProcedure,
  type AppSession,
  authedProcedure,
  bareKit,
  type createContext,
  protectedMiddleware,
  publicProcedure,
  requireClaim,
  requireCondition,
  requireFactor,
  requireFresh,
  requireRole,
  t,
  type Types,
} from './app.ts'

type AppContext = ReturnType<typeof createContext>

test('behind a guard the session is there, with literal roles and the declared claims', () => {
  authedProcedure.query(({ ctx }) => {
    expectTypeOf(ctx.session).toEqualTypeOf<AppSession>()
    expectTypeOf(ctx.session.roles).toEqualTypeOf<readonly ('member' | 'admin')[]>()
    expectTypeOf(ctx.session.claims).toEqualTypeOf<{ org?: string; plan?: 'free' | 'pro'; tags?: string[] }>()
    expectTypeOf(ctx.db).toEqualTypeOf<string>()
  })
  adminProcedure.query(({ ctx }) => expectTypeOf(ctx.session).toEqualTypeOf<AppSession>())
  t.procedure
    .concat(requireFresh({ maxAge: '5m' }))
    .query(({ ctx }) => expectTypeOf(ctx.session).toEqualTypeOf<AppSession>())
  t.procedure.use(protectedMiddleware).query(({ ctx }) => expectTypeOf(ctx.session).toEqualTypeOf<AppSession>())
  t.procedure
    .use(requireRole.middleware('admin'))
    .query(({ ctx }) => expectTypeOf(ctx.session).toEqualTypeOf<AppSession>())
})

test('H9 a public procedure has auth, whose session may be null, and no session of its own', () => {
  publicProcedure.query(async ({ ctx }) => {
    expectTypeOf(ctx.auth).toEqualTypeOf<AuthContext<Types>>()
    expectTypeOf(await ctx.auth.session()).toEqualTypeOf<AppSession | null>()
    expectTypeOf(ctx).not.toHaveProperty('session')
  })
})

test('H6 only declared role names compile', () => {
  requireRole('admin', 'member')
  // @ts-expect-error a typo
  requireRole('admn')
  // @ts-expect-error a typo beside a good one
  requireRole('member', 'Admin')
  // @ts-expect-error nobody has one of no roles
  requireRole()
  // @ts-expect-error the form for use() is as strict
  requireRole.middleware('admn')
  // If no roles are declared, any name is one.
  bareKit.requireRole('anything')
})

test('requireClaim knows the declared claims and their values', () => {
  requireClaim('plan', 'pro')
  requireClaim('plan', (plan) => {
    expectTypeOf(plan).toEqualTypeOf<'free' | 'pro'>()
    return plan === 'pro'
  })
  requireClaim('tags', async (tags) => tags.includes('beta'))
  // @ts-expect-error a claim that isn't declared
  requireClaim('plam', 'pro')
  // @ts-expect-error a value that the claim can't have
  requireClaim('plan', 'gold')
  // @ts-expect-error a list is compared by a predicate
  requireClaim('tags', ['beta'])
  // @ts-expect-error a predicate returns true or false
  requireClaim('plan', () => 'yes')
  // @ts-expect-error no claims are declared there
  bareKit.requireClaim('org', 'acme')
})

test('requireCondition may ask for the context of the app, and then fits only there', () => {
  const ownDatabase = requireCondition('own database', ({ session, ctx }: { session: AppSession; ctx: AppContext }) => {
    return ctx.db === session.user.id
  })
  t.procedure.concat(ownDatabase).query(({ ctx }) => {
    expectTypeOf(ctx.db).toEqualTypeOf<string>()
    expectTypeOf(ctx.session).toEqualTypeOf<AppSession>()
  })
  const other = initTRPC.context<{ auth: AppContext['auth'] }>().create()
  // @ts-expect-error that app's context has no db
  other.procedure.concat(ownDatabase)
  // @ts-expect-error it returns true or false
  requireCondition('maybe', () => 'yes')
})

test('requireCondition.middleware may ask for the input that the parsers before it made', () => {
  const ownPost = requireCondition.middleware(
    'own post',
    ({ session, input }: { session: AppSession; input: { id: string } }) => {
      return input.id === session.user.id
    },
  )
  t.procedure
    .input(z.object({ id: z.string(), title: z.string() }))
    .use(ownPost)
    .mutation(({ ctx, input }) => {
      expectTypeOf(input).toEqualTypeOf<{ id: string; title: string }>()
      expectTypeOf(ctx.session).toEqualTypeOf<AppSession>()
    })
  // @ts-expect-error the input has a number there
  t.procedure.input(z.object({ id: z.number() })).use(ownPost)
})

test('a guard fits only where the context holds auth', () => {
  const withoutAuth = initTRPC.context<{ db: string }>().create()
  // @ts-expect-error its context lacks auth
  withoutAuth.procedure.concat(requireRole('admin'))
  // @ts-expect-error the form for use() asks for the same
  withoutAuth.procedure.use(requireRole.middleware('admin'))
})

test('requireFactor takes a name, and names the common ones', () => {
  t.procedure.concat(requireFactor('mfa')).query(({ ctx }) => expectTypeOf(ctx.session).toEqualTypeOf<AppSession>())
  t.procedure.use(requireFactor.middleware('hwk'))
  // @ts-expect-error a factor has a name
  requireFactor()
  // @ts-expect-error one guard asks for one factor: two guards ask for both
  requireFactor(['otp', 'mfa'])
})

test('guards stand one behind another', () => {
  t.procedure
    .concat(requireRole('admin'))
    .concat(requireClaim('plan', 'pro'))
    .concat(requireFresh())
    .query(({ ctx }) => expectTypeOf(ctx.session).toEqualTypeOf<AppSession>())
})
