import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { act, createElement } from 'react'
import { create, type ReactTestRenderer } from 'react-test-renderer'
import superjson from 'superjson'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { authLink, createTokenStore } from '../src/index.ts'
import { createAuthReact } from '../src/react/index.ts'
import { type App, type AppRouter, openApp } from './support/app.ts'

beforeAll(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
})

/** A component tree as React Native or Ink has it: effects run, and there is no document. */
async function render(app: App, refetchOnFocus: boolean) {
  const { url } = app
  const auth = authLink<AppRouter>({ url, transformer: superjson, tokens: createTokenStore() })
  const client = createTRPCClient<AppRouter>({
    links: [auth, httpBatchLink({ url, transformer: superjson, headers: auth.headers })],
  })
  const { SessionProvider, useSession } = createAuthReact<AppRouter>()
  const Who = () => {
    const { status, session } = useSession()
    return `${status} ${session?.user.id ?? 'nobody'}`
  }
  let tree: ReactTestRenderer | undefined
  await act(async () => {
    tree = create(createElement(SessionProvider, { auth, client, refetchOnFocus }, createElement(Who)))
    await client.open.query() // the provider's own question has gone out before
  })
  onTestFinished(() => act(() => tree?.unmount()))
  return { client, shows: () => tree?.toJSON() }
}

test.each([true, false])('M40 SessionProvider works where there is no DOM (refetchOnFocus: %s)', async (focus) => {
  expect(typeof document).toBe('undefined')
  const app = await openApp()
  const { client, shows } = await render(app, focus)
  await act(() => expect.poll(shows).toBe('signedOut nobody'))
  await act(() => client.auth.signIn.mutate({ provider: 'credentials', name: 'ann', password: 'right' }))
  expect(shows()).toBe('signedIn ann')
  await act(() => client.auth.signOut.mutate())
  expect(shows()).toBe('signedOut nobody')
  expect(app.wire.count('auth.session')).toBe(1)
})
