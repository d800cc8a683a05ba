import type { AuthErrorKind, ProviderInfo, SessionInfo, SessionUser, SignInResult, SignOutResult } from '@latchkey/core'
import type { AuthErrorShape, AuthRouterContext } from '@latchkey/trpc'
import { createTRPCClient, httpBatchLink, type TRPCClientError } from '@trpc/client'
import { initTRPC, type inferRouterInputs, type inferRouterOutputs } from '@trpc/server'
import superjson from 'superjson'
import { expectTypeOf, test } from 'vitest'
import { type AppRouter, type authContext, authRouter, bareKit, mountAuth, t } from './app.ts'

const client = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: '/', transformer: superjson })] })

/** What the session callback of the app returns. */
interface Shaped {
  user: SessionUser
  roles: readonly ('member' | 'admin')[]
  claims: { org?: string; plan?: 'free' | 'pro'; tags?: string[] }
  expires: Date
  orgName: string | undefined
}

test('the client gets what the session callback returns: its extra field, roles as literals, declared claims', async () => {
  const session = await client.auth.session.query()
  expectTypeOf(session).toEqualTypeOf<Shaped | null>()
  expectTypeOf(session!.orgName).toEqualTypeOf<string | undefined>()
  expectTypeOf(session!.roles).toEqualTypeOf<readonly ('member' | 'admin')[]>()
  expectTypeOf(session!.claims.plan).toEqualTypeOf<'free' | 'pro' | undefined>()
})

test('signIn takes the union of what the providers take', async () => {
  expectTypeOf<inferRouterInputs<AppRouter>['auth']['signIn']>().toEqualTypeOf<
    ({ readonly provider: 'credentials' } & { email: string }) | ({ readonly provider: 'badge' } & { number: number })
  >()
  expectTypeOf(await client.auth.signIn.mutate({ provider: 'badge', number: 1 })).toEqualTypeOf<SignInResult<Shaped>>()
  // @ts-expect-error the same input under an id that no provider has: the id is what is wrong
  await client.auth.signIn.mutate({ provider: 'badges', number: 1 })
  // @ts-expect-error the input of another provider
  await client.auth.signIn.mutate({ provider: 'badge', email: 'a@b.c' })
})

test('the other procedures', async () => {
  type Outputs = inferRouterOutputs<AppRouter>['auth']
  expectTypeOf<Outputs['signOut']>().toEqualTypeOf<SignOutResult>()
  expectTypeOf<Outputs['providers']>().toEqualTypeOf<readonly ProviderInfo[]>()
  expectTypeOf<Outputs['updateSession']>().toEqualTypeOf<Shaped | null>()
  expectTypeOf<Outputs['sessions']['list']>().toEqualTypeOf<readonly SessionInfo[]>()
  await client.auth.signOut.mutate()
  await client.auth.signOut.mutate({ everywhere: true })
  await client.auth.updateSession.mutate({ org: 'acme' })
  // @ts-expect-error a field that the update schema doesn't have
  await client.auth.updateSession.mutate({ plan: 'pro' })
  await client.auth.sessions.revoke.mutate({ id: 'a public id' })
  // @ts-expect-error which one?
  await client.auth.sessions.revoke.mutate({})
})

test('without an update schema there is no updateSession, without an adapter there are no sessions', () => {
  expectTypeOf(bareKit.authRouter).toHaveProperty('session')
  expectTypeOf(bareKit.authRouter).not.toHaveProperty('updateSession')
  expectTypeOf(bareKit.authRouter).not.toHaveProperty('sessions')
  expectTypeOf(authRouter).toHaveProperty('updateSession')
  expectTypeOf(authRouter).toHaveProperty('sessions')
})

test('M04 signing out everywhere is offered only where sessions can be listed', () => {
  const plain = initTRPC.context<AuthRouterContext>().create()
  const bare = plain.router({ auth: bareKit.authRouter })
  type BareInput = inferRouterInputs<typeof bare>['auth']['signOut']
  type Input = inferRouterInputs<AppRouter>['auth']['signOut']
  expectTypeOf<{ everywhere: true }>().toExtend<Input>()
  expectTypeOf<undefined>().toExtend<BareInput>()
  expectTypeOf<{}>().toExtend<BareInput>()
  expectTypeOf<{ everywhere: true }>().not.toExtend<BareInput>()
})

test('mountAuth wants an app whose context has auth', () => {
  t.router({ auth: mountAuth(t, authRouter) })
  const withoutAuth = initTRPC.context<{ db: string }>().create()
  // @ts-expect-error its context lacks auth
  withoutAuth.router({ auth: mountAuth(withoutAuth, authRouter) })
  const withAnother = initTRPC.context<{ auth: { userId: string } }>().create()
  // @ts-expect-error its auth is another library's
  withAnother.router({ auth: mountAuth(withAnother, authRouter) })
})

test('the router is nested into a root of another kind and keeps its types', () => {
  const plain = initTRPC.context<ReturnType<typeof authContext>>().create()
  const router = plain.router({ account: plain.router({ auth: authRouter }) })
  // Without a transformer a Date arrives as text.
  expectTypeOf<
    NonNullable<inferRouterOutputs<typeof router>['account']['auth']['session']>['expires']
  >().toEqualTypeOf<string>()
})

test('C6 the kind of an error is typed on the client', () => {
  expectTypeOf<NonNullable<TRPCClientError<AppRouter>['shape']>>().toEqualTypeOf<AuthErrorShape>()
  expectTypeOf<NonNullable<TRPCClientError<AppRouter>['data']>['kind']>().toEqualTypeOf<AuthErrorKind | null>()
})
