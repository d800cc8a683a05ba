import type { AuthErrorKind } from '@latchkey/core'
import { authErrorFormatter, readAuthError } from '@latchkey/trpc'
import type { TRPCClientError } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { expectTypeOf, test } from 'vitest'
import { ZodError } from 'zod'

test('C6 the formatter composes with one of the app, and both fields are typed on the client', () => {
  const t = initTRPC.context<{ tenant: string }>().create({
    errorFormatter: authErrorFormatter.with(({ shape, error }) => {
      expectTypeOf(shape.data.kind).toEqualTypeOf<AuthErrorKind | null>()
      return {
        ...shape,
        data: { ...shape.data, issues: error.cause instanceof ZodError ? error.cause.issues.length : 0 },
      }
    }),
  })
  const router = t.router({})
  type Data = NonNullable<TRPCClientError<typeof router>['data']>
  expectTypeOf<Data['kind']>().toEqualTypeOf<AuthErrorKind | null>()
  expectTypeOf<Data['issues']>().toEqualTypeOf<number>()
  expectTypeOf<Data['fields']>().toEqualTypeOf<readonly string[] | undefined>()
  expectTypeOf<Data['maxAge']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<Data['factor']>().toEqualTypeOf<string | undefined>()
  expectTypeOf<Data['httpStatus']>().toEqualTypeOf<number>()
})

test('C6 a formatter that makes a shape of its own keeps the kind too', () => {
  const t = initTRPC.create({
    errorFormatter: authErrorFormatter.with(({ shape: { code, message } }) => ({
      code,
      message,
      data: { mine: true },
    })),
  })
  const router = t.router({})
  type Data = NonNullable<TRPCClientError<typeof router>['data']>
  expectTypeOf<Data['kind']>().toEqualTypeOf<AuthErrorKind | null>()
  expectTypeOf<Data['mine']>().toEqualTypeOf<boolean>()
})

test('on the server the AuthError is found in whatever was thrown', () => {
  expectTypeOf(readAuthError(new Error())?.kind).toEqualTypeOf<AuthErrorKind | undefined>()
})
