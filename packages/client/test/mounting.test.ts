import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAuth, credentials, memoryAdapter } from '@latchkey/core'
import { authErrorFormatter, createAuthRouter } from '@latchkey/trpc'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { type AnyTRPCRouter, initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { createServer } from 'node:http'
import superjson from 'superjson'
import { act, createElement } from 'react'
import { create } from 'react-test-renderer'
import { QueryClient } from '@tanstack/react-query'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { createAuthReact } from '../src/react/index.ts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { authLink, createTokenStore, type SessionChange } from '../src/index.ts'
import { openCookieJar } from './support/cookie-jar.ts'

const created = new Date(0)

/** The three ways to one router, with superjson on the app's root. */
function createRouters() {
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: 'http://127.0.0.1',
    adapter: memoryAdapter(),
    claims: { org: z.string() },
    update: z.object({ org: z.string() }),
    tokens: { enabled: true },
    logger: { error: () => {}, warn: () => {} },
    providers: [
      credentials({
        input: z.object({ name: z.string(), password: z.string() }),
        identify: ({ name }) => name,
        authorize: ({ name, password }) => (password === 'right' ? { id: name, name } : null),
      }),
    ],
    callbacks: { session: ({ session }) => ({ ...session, seenAt: created }) },
  })
  const { authRouter, authContext, protectedProcedure } = createAuthRouter(auth)
  const t = initTRPC
    .context<ReturnType<typeof authContext>>()
    .create({ transformer: superjson, errorFormatter: authErrorFormatter })
  const posts = t.router({
    posts: t.router({
      mine: t.procedure
        .concat(protectedProcedure)
        .query(({ ctx }) => ({ author: ctx.session.user.id, createdAt: created })),
    }),
  })
  return {
    authContext,
    authRouter,
    nested: t.router({ posts: posts.posts, auth: authRouter }),
    merged: t.mergeRouters(posts, t.router({ auth: authRouter })),
    flat: t.mergeRouters(posts, authRouter),
  }
}

type Routers = ReturnType<typeof createRouters>
export type Nested = Routers['nested']
export type Merged = Routers['merged']
export type Flat = Routers['flat']

async function serve(router: AnyTRPCRouter, createContext: Routers['authContext']) {
  const paths: string[] = []
  const handle = createHTTPHandler({ router, createContext, basePath: '/trpc/' })
  const server = createServer((req, res) => {
    paths.push((req.url ?? '').replace(/^\/trpc\//, '').replace(/\?.*/, ''))
    handle(req, res)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // it listens on a port
  return { url: `http://127.0.0.1:${port}/trpc`, paths }
}

describe.each(['nested', 'merged'] as const)('M46 the auth router %s', (way) => {
  test.each(['a cookie', 'tokens'])('serves a client, by %s', async (by) => {
    const routers = createRouters()
    const { url, paths } = await serve(routers[way], routers.authContext)
    const jar = openCookieJar('http://127.0.0.1')
    const auth = authLink<Merged>({
      url,
      transformer: superjson,
      fetch: jar.fetch,
      ...(by === 'tokens' && { tokens: createTokenStore() }),
    })
    onTestFinished(auth.close)
    const links = [auth, httpBatchLink({ url, transformer: superjson, headers: auth.headers, fetch: jar.fetch })]
    const client = createTRPCClient<Merged>({ links })
    await client.auth.signIn.mutate({ provider: 'credentials', name: 'ann', password: 'right' })
    expect(await client.auth.session.query()).toMatchObject({ user: { id: 'ann' }, seenAt: created })
    expect(await client.posts.mine.query()).toEqual({ author: 'ann', createdAt: created })
    expect(paths).toEqual(['auth.signIn', 'auth.session', 'posts.mine'])
  })
})

describe('M46 the auth router merged flat', () => {
  async function openFlat(by: 'a cookie' | 'tokens') {
    const { flat, authContext } = createRouters()
    const { url, paths } = await serve(flat, authContext)
    const jar = openCookieJar('http://127.0.0.1')
    const changes: SessionChange<unknown>[] = []
    const auth = authLink<Flat, ''>({
      url,
      path: '',
      transformer: superjson,
      fetch: jar.fetch,
      onSessionChange: (change) => void changes.push(change),
      ...(by === 'tokens' && { tokens: createTokenStore() }),
    })
    onTestFinished(auth.close)
    const links = [auth, httpBatchLink({ url, transformer: superjson, headers: auth.headers, fetch: jar.fetch })]
    return { client: createTRPCClient<Flat>({ links }), auth, changes, paths }
  }

  test.each(['a cookie', 'tokens'] as const)('serves a client, by %s', async (by) => {
    const { client, auth, changes, paths } = await openFlat(by)
    await client.signIn.mutate({ provider: 'credentials', name: 'ann', password: 'right' })
    expect(await client.session.query()).toMatchObject({ user: { id: 'ann' }, seenAt: created })
    expect(await client.posts.mine.query()).toEqual({ author: 'ann', createdAt: created })
    await client.updateSession.mutate({ org: 'acme' })
    if (by === 'tokens') await auth.refresh()
    expect(await client.session.query()).toMatchObject({ claims: { org: 'acme' } })
    expect(await client.sessions.list.query()).toHaveLength(1)
    await client.signOut.mutate()
    expect(await client.session.query()).toBeNull()
    const told = changes.map(({ reason }) => reason).filter((reason) => reason !== 'refresh')
    expect(told).toEqual(['signIn', 'update', 'signOut'])
    expect(paths.filter((path) => path === 'token')).toHaveLength(by === 'tokens' ? 1 : 0)
  })

  test('serves React: the session is the entry of trpc.session.queryOptions()', async () => {
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
    const { client, auth } = await openFlat('a cookie')
    const queryClient = new QueryClient()
    const trpc = createTRPCOptionsProxy<Flat>({ client, queryClient })
    const { SessionProvider, useSession } = createAuthReact<Flat, ''>({ path: '' })
    const Who = () => useSession().session?.user.id ?? 'nobody'
    const provider = createElement(SessionProvider, { auth, client, queryClient }, createElement(Who))
    const tree = await act(async () => create(provider))
    onTestFinished(() => act(() => tree.unmount()))
    await act(() => client.signIn.mutate({ provider: 'credentials', name: 'ann', password: 'right' }))
    expect(tree.toJSON()).toBe('ann')
    expect(queryClient.getQueryData(trpc.session.queryKey())).toMatchObject({ user: { id: 'ann' } })
  })

  test('the link knows every procedure of the auth router by its name, and no procedure of the app', async () => {
    const { authRouter, flat } = createRouters()
    const own = Object.keys(authRouter._def.procedures)
    const { client, paths } = await openFlat('a cookie')
    // In a batch they would be one request.
    const calls = own.filter((path) => path !== 'onSessionChange').map((path) => call(client, flat, path))
    await Promise.allSettled(calls)
    expect(paths.toSorted()).toEqual(own.filter((path) => path !== 'onSessionChange').toSorted())

    paths.length = 0
    await Promise.allSettled([call(client, flat, 'posts.mine'), call(client, flat, 'posts.mine')])
    expect(paths).toEqual(['posts.mine,posts.mine'])
  })
})

/** Calls a procedure by its path, whatever it makes of no input. */
function call(client: object, router: AnyTRPCRouter, path: string): Promise<unknown> {
  const { type } = (router._def.procedures as Record<string, { _def: { type: string } }>)[path]!._def
  const verb = type === 'query' ? 'query' : 'mutate'
  const procedure = path.split('.').reduce((at, key) => Reflect.get(at, key) as object, client)
  return (Reflect.get(procedure, verb) as (input?: unknown) => Promise<unknown>)()
}
