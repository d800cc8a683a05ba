import type { AuthContext } from '@latchkey/core'
import type { AuthRouterContext } from '@latchkey/trpc'
import type { CreateExpressContextOptions } from '@trpc/server/adapters/express'
import type { CreateFastifyContextOptions } from '@trpc/server/adapters/fastify'
import type { FetchCreateContextFnOptions } from '@trpc/server/adapters/fetch'
import type { CreateHTTP2ContextOptions, CreateHTTPContextOptions } from '@trpc/server/adapters/standalone'
import type { CreateWSSContextFnOptions } from '@trpc/server/adapters/ws'
import { expectTypeOf, test } from 'vitest'
import { authContext, type Types } from './app.ts'

declare const standalone: CreateHTTPContextOptions
declare const http2: CreateHTTP2ContextOptions
declare const express: CreateExpressContextOptions
declare const fastify: CreateFastifyContextOptions
declare const fetch: FetchCreateContextFnOptions
declare const socket: CreateWSSContextFnOptions

test('it takes the options of every adapter', () => {
  expectTypeOf(authContext(standalone)).toEqualTypeOf<AuthRouterContext<Types>>()
  expectTypeOf(authContext(http2)).toEqualTypeOf<AuthRouterContext<Types>>()
  expectTypeOf(authContext(express)).toEqualTypeOf<AuthRouterContext<Types>>()
  expectTypeOf(authContext(fastify)).toEqualTypeOf<AuthRouterContext<Types>>()
  expectTypeOf(authContext(fetch)).toEqualTypeOf<AuthRouterContext<Types>>()
  expectTypeOf(authContext(socket)).toEqualTypeOf<AuthRouterContext<Types>>()
  expectTypeOf(authContext(standalone).auth).toEqualTypeOf<AuthContext<Types>>()
})

test('one createContext may serve several adapters', () => {
  const createContext = (opts: CreateHTTPContextOptions | CreateWSSContextFnOptions) => ({
    ...authContext(opts),
    db: 1,
  })
  expectTypeOf(createContext(standalone)).toEqualTypeOf<{ db: number; auth: AuthContext<Types> }>()
})

test('createCaller brings headers, and perhaps a way to set cookies', () => {
  authContext({ headers: new Headers() })
  authContext({ headers: { cookie: 'a=b' } })
  authContext({
    headers: new Headers(),
    setCookie: (name, header, cookie) => {
      expectTypeOf(name).toEqualTypeOf<string>()
      expectTypeOf(header).toEqualTypeOf<string>()
      expectTypeOf(cookie.sameSite).toEqualTypeOf<'lax' | 'strict' | 'none'>()
    },
  })
})

test('eager is a promise', () => {
  expectTypeOf(authContext(standalone, { eager: true })).toEqualTypeOf<Promise<AuthRouterContext<Types>>>()
  expectTypeOf(authContext(standalone, { eager: false })).toEqualTypeOf<AuthRouterContext<Types>>()
  expectTypeOf(authContext(fetch, { address: '192.0.2.1' })).toEqualTypeOf<AuthRouterContext<Types>>()
})

test('a wrong argument does not compile', () => {
  // @ts-expect-error nothing of a request
  authContext({})
  // @ts-expect-error a request without its response
  authContext({ req: standalone.req })
  // @ts-expect-error the response of one adapter and the request of another
  authContext({ req: fetch.req, res: standalone.res, info: standalone.info })
  // @ts-expect-error headers that nothing can be read from
  authContext({ headers: 1 })
  // @ts-expect-error the request itself is not the options
  authContext(standalone.req.url)
})
