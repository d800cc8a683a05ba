import { describe, expectTypeOf, test } from 'vitest'
import { authLink, type RouterSession } from '../../src/index.ts'
import { createAuthReact } from '../../src/react/index.ts'
import type { Flat, Merged, Nested } from '../mounting.test.ts'
import superjson from 'superjson'

const url = '/trpc'

describe('M46 the three ways to mount are typed alike', () => {
  test('the session', () => {
    expectTypeOf<RouterSession<Merged>>().toEqualTypeOf<RouterSession<Nested>>()
    expectTypeOf<RouterSession<Flat, ''>>().toEqualTypeOf<RouterSession<Nested>>()
    expectTypeOf<RouterSession<Flat, ''>['seenAt']>().toEqualTypeOf<Date>()
    expectTypeOf<RouterSession<Flat>>().toEqualTypeOf<never>()
  })

  test('authLink', () => {
    authLink<Flat, ''>({
      url,
      path: '',
      transformer: superjson,
      onSessionChange: ({ session }) => {
        if (session) expectTypeOf(session.seenAt).toEqualTypeOf<Date>()
      },
    })
    // @ts-expect-error the path is another one
    authLink<Flat, ''>({ url, path: 'auth', transformer: superjson })
  })

  test('createAuthReact', async () => {
    const { useSession, useSignIn, useSignOut } = createAuthReact<Flat, ''>({ path: '' })
    const { session } = useSession()
    if (session) expectTypeOf(session.seenAt).toEqualTypeOf<Date>()
    const { signIn } = useSignIn()
    const result = await signIn({ provider: 'credentials', name: 'ann', password: 'right' })
    if (result.status === 'tokens') expectTypeOf(result.accessToken).toEqualTypeOf<string>()
    // @ts-expect-error no such provider
    void signIn({ provider: 'github' })
    const { signOut } = useSignOut()
    const nested = createAuthReact<Nested>().useSignOut()
    expectTypeOf(await signOut()).toEqualTypeOf<Awaited<ReturnType<typeof nested.signOut>>>()
    expectTypeOf((await signOut()).signedOut).toEqualTypeOf<true>()
  })
})
