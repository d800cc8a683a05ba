import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { expectTypeOf, test } from 'vitest'
import { authLink, finishSignIn, type RedirectProvider, signInWith } from '../../src/index.ts'
import type { AppRouter } from '../support/app.ts'
import type { SignInRouter } from '../support/sign-in-app.ts'

const url = '/trpc'
const client = createTRPCClient<SignInRouter>({ links: [authLink<SignInRouter>({ url }), httpBatchLink({ url })] })

test('signInWith knows the providers that lead to another page', () => {
  expectTypeOf<RedirectProvider<typeof client.auth>>().toEqualTypeOf<'idp'>()
  signInWith(client.auth, 'idp')
  signInWith(client.auth, 'idp', { redirectTo: '/account', popup: true })
})

test('it returns what signIn returns', async () => {
  const result = await signInWith(client.auth, 'idp')
  expectTypeOf(result).toEqualTypeOf<Awaited<ReturnType<typeof client.auth.signIn.mutate>>>()
  if (result.status === 'challenge') expectTypeOf(result.challenge).toEqualTypeOf<string>()
  expectTypeOf(await finishSignIn(client.auth)).toEqualTypeOf<typeof result | null>()
})

test('it takes the auth router wherever it is mounted', () => {
  const t = initTRPC.create()
  const nested = t.router({ account: t.router({ auth: {} as SignInRouter['_def']['record']['auth'] }) })
  const deep = createTRPCClient<typeof nested>({ links: [httpBatchLink({ url })] })
  signInWith(deep.account.auth, 'idp')
})

test('mistakes do not compile', () => {
  // @ts-expect-error no such provider
  signInWith(client.auth, 'google')
  // @ts-expect-error its credentials are checked here
  signInWith(client.auth, 'credentials')
  // @ts-expect-error no such option
  signInWith(client.auth, 'idp', { callbackUrl: '/' })
  // @ts-expect-error the auth router's part of the client, not all of it
  signInWith(client, 'idp')
  const other = createTRPCClient<AppRouter>({ links: [] })
  // @ts-expect-error this app has no such provider at all
  signInWith(other.auth, 'idp')
})
