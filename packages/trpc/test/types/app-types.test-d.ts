import type { AuthContext, Session, TypesOf } from '@latchkey/core'
import { type AuthRouter, createAuthRouter, type RequireRole } from '@latchkey/trpc'
import { initTRPC, type inferRouterOutputs } from '@trpc/server'
import { expectTypeOf, test } from 'vitest'
import { type AppSession, auth, type authContext, type authRouter, bare, bareKit, requireRole } from './app.ts'

interface App extends TypesOf<typeof auth> {}
const named = createAuthRouter<App>(auth)

test('a configuration can be given a name, which stands for the same types', () => {
  expectTypeOf<App['role']>().toEqualTypeOf<'member' | 'admin'>()
  expectTypeOf(named.authRouter).toEqualTypeOf<AuthRouter<App>>()
  expectTypeOf<inferRouterOutputs<typeof named.authRouter>>().toEqualTypeOf<inferRouterOutputs<typeof authRouter>>()
  expectTypeOf<ReturnType<typeof named.authContext>['auth']>().toEqualTypeOf<AuthContext<App>>()
  expectTypeOf(named.requireRole).toEqualTypeOf<RequireRole<AppSession>>()
})

test('only the name of its own configuration fits', () => {
  // @ts-expect-error that configuration has neither these roles nor these claims
  createAuthRouter<App>(bare)
})

test('guards know nothing of the configuration but the session: with and without the name they are the same', () => {
  expectTypeOf(named.requireRole).toEqualTypeOf(requireRole)
  expectTypeOf(bareKit.requireRole).toEqualTypeOf<RequireRole<Session<string, {}>>>()
  initTRPC.context<ReturnType<typeof authContext>>().create().procedure.concat(named.requireRole('admin'))
  const other = initTRPC.context<ReturnType<typeof bareKit.authContext>>().create()
  // @ts-expect-error whose session has another configuration's roles and claims
  other.procedure.concat(requireRole('admin'))
})
