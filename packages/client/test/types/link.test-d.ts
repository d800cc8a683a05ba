import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import superjson from 'superjson'
import { describe, expectTypeOf, test } from 'vitest'
import { authLink, createTokenStore, type RouterSession } from '../../src/index.ts'
import type { AppRouter } from '../support/app.ts'

const url = '/trpc'

describe('authLink', () => {
  test('stands among a client’s links, and its session is the router’s', async () => {
    const auth = authLink<AppRouter>({
      url,
      transformer: superjson,
      onSessionChange: ({ session }) => {
        if (session) expectTypeOf(session.roles).toEqualTypeOf<readonly ('member' | 'admin')[]>()
      },
    })
    const client = createTRPCClient<AppRouter>({
      links: [auth, httpBatchLink({ url, transformer: superjson, headers: auth.headers })],
    })
    expectTypeOf(await client.open.query()).toEqualTypeOf<string>()
  })

  test('asks for the transformer of an app that has one, and only of such', () => {
    // @ts-expect-error the router has a transformer
    authLink<AppRouter>({ url })
    const t = initTRPC.create()
    const plain = t.router({ auth: t.router({ session: t.procedure.query(() => null) }) })
    authLink<typeof plain>({ url })
    // @ts-expect-error the router has none
    authLink<typeof plain>({ url, transformer: superjson })
  })

  test('finds the auth router under any path', () => {
    const t = initTRPC.create()
    const session = t.procedure.query((): { readonly id: string } | null => null)
    const nested = t.router({ account: t.router({ auth: t.router({ session }) }) })
    expectTypeOf<RouterSession<typeof nested, 'account.auth'>>().toEqualTypeOf<{ readonly id: string }>()
    expectTypeOf<RouterSession<typeof nested>>().toEqualTypeOf<never>()
  })

  test('a store needs a storage or a cookie, not both', () => {
    createTokenStore()
    createTokenStore({ storage: localStorage })
    createTokenStore({ refresh: 'cookie', tokenUrl: '/auth/token' })
    // @ts-expect-error no such place
    createTokenStore({ refresh: 'body' })
    // @ts-expect-error a storage has to be one
    createTokenStore({ storage: {} })
  })
})

test('onStepUp is told what is missing, and says whether the call may be repeated', () => {
  authLink<AppRouter>({
    url: '/trpc',
    transformer: superjson,
    onStepUp: ({ kind, maxAge, factor }) => {
      expectTypeOf(kind).toEqualTypeOf<'StepUpRequired'>()
      expectTypeOf(maxAge).toEqualTypeOf<number | undefined>()
      expectTypeOf(factor).toEqualTypeOf<string | undefined>()
      return true
    },
  })
  // @ts-expect-error it says whether the person has shown it
  authLink<AppRouter>({ url: '/trpc', transformer: superjson, onStepUp: async () => {} })
})
