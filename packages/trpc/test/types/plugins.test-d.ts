import {
  type AuthErrorKind,
  createAuth,
  definePlugin,
  mutation,
  query,
  subscription,
  type TypesOf,
} from '@latchkey/core'
import { createAuthRouter } from '@latchkey/trpc'
import type { TRPCClientError } from '@trpc/client'
import { type inferRouterInputs, type inferRouterOutputs, initTRPC } from '@trpc/server'
import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

const invitations = definePlugin({
  id: 'invitation',
  errors: { InvitationUsed: { code: 'FORBIDDEN', message: 'This invitation was used.' } },
  claims: { team: z.string() },
  setup: () => ({
    operations: {
      accept: mutation({
        access: 'session',
        input: z.object({ code: z.string() }),
        run: ({ user: { id } }, { code }) => ({ by: id, code }),
      }),
      mine: query({ access: 'public', run: () => 'yes' as const }),
      deeper: {
        ticks: subscription({
          access: 'session',
          async *run() {
            yield 1
          },
        }),
      },
    },
  }),
})
const auth = createAuth({ secret: 'any', roles: ['admin'], plugins: [invitations] })
interface App extends TypesOf<typeof auth> {}

describe('the kit of an app with plug-ins', () => {
  const kit = createAuthRouter<App>(auth)
  const unnamed = createAuthRouter(auth)

  test('their operations are procedures, under the plug-in’s id', () => {
    type Inputs = inferRouterInputs<typeof kit.authRouter>
    type Outputs = inferRouterOutputs<typeof kit.authRouter>
    expectTypeOf<Inputs['invitation']['accept']>().toEqualTypeOf<{ code: string }>()
    expectTypeOf<Outputs['invitation']['accept']>().toEqualTypeOf<{ by: string; code: string }>()
    expectTypeOf<Inputs['invitation']['mine']>().toEqualTypeOf<void>()
    expectTypeOf<Outputs['invitation']['mine']>().toEqualTypeOf<'yes'>()
    expectTypeOf(kit.authRouter.invitation.deeper.ticks).not.toBeAny()
    expectTypeOf(unnamed.authRouter.invitation).toEqualTypeOf<typeof kit.authRouter.invitation>()
    // @ts-expect-error no such operation
    void kit.authRouter.invitation.reject
    // @ts-expect-error no such plug-in
    void kit.authRouter.passkey
  })

  test('and methods of ctx.auth', () => {
    const { auth: context } = kit.authContext({ headers: new Headers() })
    expectTypeOf(context.invitation.accept).parameters.toEqualTypeOf<[input: { code: string }]>()
    expectTypeOf(context.invitation.accept).returns.resolves.toEqualTypeOf<{ by: string; code: string }>()
    expectTypeOf(context.invitation.mine).parameters.toEqualTypeOf<[]>()
    expectTypeOf(context.invitation.deeper.ticks()).toEqualTypeOf<AsyncIterable<number>>()
    // @ts-expect-error no such operation
    void context.invitation.reject
  })

  test('their kinds are in error.data.kind', () => {
    const router = initTRPC.create({ errorFormatter: kit.authErrorFormatter }).router({})
    type Data = NonNullable<TRPCClientError<typeof router>['data']>
    expectTypeOf<Data['kind']>().toEqualTypeOf<AuthErrorKind | 'InvitationUsed' | null>()
    expectTypeOf(unnamed.authErrorFormatter).toEqualTypeOf<typeof kit.authErrorFormatter>()
  })

  test('through a formatter of the app’s own too', () => {
    const errorFormatter = kit.authErrorFormatter.with(({ shape }) => {
      expectTypeOf(shape.data.kind).toEqualTypeOf<AuthErrorKind | 'InvitationUsed' | null>()
      return { ...shape, data: { ...shape.data, mine: true } }
    })
    const router = initTRPC.create({ errorFormatter }).router({})
    type Data = NonNullable<TRPCClientError<typeof router>['data']>
    expectTypeOf<Data['kind']>().toEqualTypeOf<AuthErrorKind | 'InvitationUsed' | null>()
    expectTypeOf<Data['mine']>().toEqualTypeOf<boolean>()
  })

  test('their claims are the session’s', () => {
    const t = initTRPC.context<ReturnType<typeof kit.authContext>>().create()
    t.procedure.concat(kit.requireClaim('team', 'red')).query(({ ctx }) => {
      expectTypeOf(ctx.session.claims).toEqualTypeOf<{ team?: string }>()
    })
    // @ts-expect-error a claim that isn't declared
    kit.requireClaim('teem', 'red')
  })

  test('behind requireScope there is a caller', () => {
    const t = initTRPC.context<ReturnType<typeof kit.authContext>>().create()
    t.procedure.concat(kit.requireScope('posts:read')).query(({ ctx }) => {
      expectTypeOf(ctx.session.via).toEqualTypeOf<string>()
      expectTypeOf(ctx.session.scopes).toEqualTypeOf<readonly string[] | null>()
      expectTypeOf(ctx.session.roles).toEqualTypeOf<readonly 'admin'[]>()
    })
    // @ts-expect-error a scope is a name
    kit.requireScope(1)
  })
})

test('without plug-ins the kinds are the library’s', () => {
  const plain = createAuthRouter(createAuth({ secret: 'any' }))
  const router = initTRPC.create({ errorFormatter: plain.authErrorFormatter }).router({})
  type Data = NonNullable<TRPCClientError<typeof router>['data']>
  expectTypeOf<Data['kind']>().toEqualTypeOf<AuthErrorKind | null>()
})
