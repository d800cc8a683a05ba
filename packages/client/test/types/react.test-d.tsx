import { createAuthReact } from '../../src/react/index.ts'
import type { SignOutResult } from '@latchkey/core'
import type { ReactNode } from 'react'
import { describe, expectTypeOf, test } from 'vitest'
import type { AppRouter } from '../support/app.ts'

const { useSession, Authorized, useSignIn, useSignOut } = createAuthReact<AppRouter>()

describe('what createAuthReact makes is typed by the router', () => {
  test('the session: roles as literals, declared claims, what the session callback adds', () => {
    const { session } = useSession()
    expectTypeOf<NonNullable<typeof session>['roles']>().toEqualTypeOf<readonly ('member' | 'admin')[]>()
    expectTypeOf<NonNullable<typeof session>['claims']['org']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<NonNullable<typeof session>['seenAt']>().toEqualTypeOf<Date>()
  })

  test('its status tells what there is', () => {
    const state = useSession()
    if (state.status === 'signedIn') expectTypeOf(state.session.user.id).toEqualTypeOf<string>()
    if (state.status === 'signedOut') expectTypeOf(state.session).toEqualTypeOf<null>()
    if (state.status === 'loading') expectTypeOf(state.session).toEqualTypeOf<undefined>()
    // @ts-expect-error unless it is known to be there, it may not be
    void state.session.user
  })

  test('Authorized takes declared roles and claims, and no others', () => {
    const nodes: readonly ReactNode[] = [
      <Authorized role="admin">{({ user }) => user.name}</Authorized>,
      <Authorized role={['member', 'admin']} fallback="no" />,
      <Authorized claim={{ org: 'acme' }} when={({ seenAt }) => seenAt.getTime() > 0} />,
      <Authorized claim={{ org: (org) => org.startsWith('a') }} />,
      // @ts-expect-error no such role
      <Authorized role="admn" />,
      // @ts-expect-error no such claim
      <Authorized claim={{ organisation: 'acme' }} />,
      // @ts-expect-error the claim is a string
      <Authorized claim={{ org: 7 }} />,
    ]
    expectTypeOf(nodes).toEqualTypeOf<readonly ReactNode[]>()
  })

  test('signing in takes what the configured providers take', async () => {
    const { signIn } = useSignIn()
    const result = await signIn({ provider: 'credentials', name: 'ann', password: 'right' })
    if (result.status === 'tokens') expectTypeOf(result.accessToken).toEqualTypeOf<string>()
    // @ts-expect-error no such provider
    void signIn({ provider: 'github' })
    const { signOut } = useSignOut()
    expectTypeOf(await signOut()).toEqualTypeOf<SignOutResult>()
    void signOut({ everywhere: true })
    // @ts-expect-error no such option
    void signOut({ nowhere: true })
  })
})
