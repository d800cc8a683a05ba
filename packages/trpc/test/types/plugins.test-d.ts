import { type AuthErrorKind, createAuth, definePlugin, type TypesOf } from '@latchkey/core'
import { createAuthRouter } from '@latchkey/trpc'
import type { TRPCClientError } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

const invitations = definePlugin({
  id: 'invitation',
  errors: { InvitationUsed: { code: 'FORBIDDEN', message: 'This invitation was used.' } },
  claims: { team: z.string() },
  setup: () => ({}),
})
const auth = createAuth({ secret: 'any', roles: ['admin'], plugins: [invitations] })
interface App extends TypesOf<typeof auth> {}

describe('the kit of an app with plug-ins', () => {
  const kit = createAuthRouter<App>(auth)
  const unnamed = createAuthRouter(auth)

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
    // @ts-expect-error a claim that nobody declared
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
