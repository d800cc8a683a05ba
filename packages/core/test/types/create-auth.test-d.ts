import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  type Adapter,
  type Auth,
  createAuth,
  createSessionBus,
  credentials,
  defineRoles,
  memoryAdapter,
  type SessionBus,
  type SignInResult,
  type TokenResponse,
} from '@latchkey/core'

const secret = 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa'
const input = z.object({ email: z.email(), password: z.string() })

describe('what one configuration infers', () => {
  const auth = createAuth({
    secret,
    roles: ['member', 'admin'],
    claims: { org: z.string(), plan: z.enum(['free', 'pro']), tags: z.array(z.enum(['a', 'b'])) },
    callbacks: {
      jwt: async ({ token, user }) =>
        user ? { ...token, roles: ['admin'], org: 'acme', plan: 'pro', tags: ['a'] } : token,
      session: ({ session, token }) => ({ ...session, orgName: token.org }),
    },
  })

  test('roles are literals, claims come from their schemas, each optional (H6)', () => {
    expectTypeOf<typeof auth.$Infer.Role>().toEqualTypeOf<'member' | 'admin'>()
    expectTypeOf<typeof auth.$Infer.Claims>().toEqualTypeOf<{
      org?: string
      plan?: 'free' | 'pro'
      tags?: ('a' | 'b')[]
    }>()
  })

  test('the session of clients is what the session callback returns', () => {
    expectTypeOf<typeof auth.$Infer.Session.orgName>().toEqualTypeOf<string | undefined>()
    expectTypeOf<typeof auth.$Infer.Session.roles>().toEqualTypeOf<readonly ('member' | 'admin')[]>()
  })

  test('the server’s session has declared roles and claims', () => {
    expectTypeOf<typeof auth.$Infer.ServerSession.roles>().toEqualTypeOf<readonly ('member' | 'admin')[]>()
    expectTypeOf<typeof auth.$Infer.ServerSession.claims.plan>().toEqualTypeOf<'free' | 'pro' | undefined>()
    expectTypeOf<typeof auth.$Infer.ServerSession.authTime>().toEqualTypeOf<Date | null>()
  })

  test('without roles any name is one; without claims there are none', () => {
    const plain = createAuth({ secret })
    expectTypeOf<typeof plain.$Infer.Role>().toEqualTypeOf<string>()
    expectTypeOf<keyof typeof plain.$Infer.Claims>().toEqualTypeOf<never>()
  })
})

describe('ending sessions on the server’s behalf', () => {
  test('auth.revokeSessions exists with an adapter that keeps sessions by id', async () => {
    const auth = createAuth({ secret, adapter: memoryAdapter() })
    expectTypeOf(await auth.revokeSessions('ann')).toEqualTypeOf<{ revoked: number }>()
    expectTypeOf(await auth.deleteUser('ann')).toEqualTypeOf<void>()
    // @ts-expect-error there is none without an adapter
    createAuth({ secret }).revokeSessions('ann')
    const authJs: Adapter = {}
    // @ts-expect-error nor with one of Auth.js's, which can't list a user's sessions
    createAuth({ secret, adapter: authJs }).revokeSessions('ann')
  })
})

describe('the jwt callback', () => {
  test('J7 trigger narrows: a user exactly at sign-in', () => {
    createAuth({
      secret,
      callbacks: {
        jwt: (params) => {
          // @ts-expect-error nobody signs in on an update
          void params.user.id
          if (params.trigger === 'update') {
            expectTypeOf(params.user).toEqualTypeOf<null>()
            expectTypeOf(params.account).toEqualTypeOf<null>()
            expectTypeOf(params.isNewUser).toEqualTypeOf<false>()
          } else {
            expectTypeOf(params.user.id).toEqualTypeOf<string>()
            expectTypeOf(params.stored).toEqualTypeOf<null>()
          }
          expectTypeOf(params.trigger).toEqualTypeOf<'signIn' | 'signUp' | 'update'>()
          return params.token
        },
      },
    })
  })

  test('J9 may change the token, or return a new one with claims that are not declared', () => {
    const options = { secret, roles: ['member'], claims: { plan: z.enum(['free', 'pro']) } } as const
    createAuth({
      ...options,
      callbacks: {
        jwt: ({ token, user }) => {
          if (user) {
            token.plan = 'pro'
            token.roles = ['member']
          }
          return token
        },
      },
    })
    createAuth({ ...options, callbacks: { jwt: ({ token }) => ({ ...token, note: 'server only' }) } })
    createAuth({ ...options, callbacks: { jwt: () => null } })
  })

  test('mistakes do not compile', () => {
    const claims = { plan: z.enum(['free', 'pro']) }
    // @ts-expect-error gold is no plan
    createAuth({ secret, claims, callbacks: { jwt: ({ token }) => ({ ...token, plan: 'gold' }) } })
    // @ts-expect-error root is not declared
    createAuth({ secret, roles: ['member'], callbacks: { jwt: ({ token }) => ({ ...token, roles: ['root'] }) } })
    // @ts-expect-error a claim of another type
    createAuth({ secret, claims, callbacks: { jwt: ({ token }) => ({ ...token, plan: 7 }) } })
    // @ts-expect-error an empty list of secrets encrypts nothing
    createAuth({ secret: [] })
    // @ts-expect-error no such strategy
    createAuth({ secret, session: { strategy: 'cookies' } })
    // @ts-expect-error a duration without a unit that we know
    createAuth({ secret, session: { maxAge: '3 weeks' } })
    // @ts-expect-error only declared claims can be exposed
    createAuth({ secret, claims, exposeClaims: ['plan', 'secretPlan'] })
  })

  test('roles.only answers declared names', () => {
    const roles = defineRoles('member', 'admin')
    expectTypeOf(roles.only(['x'])).toEqualTypeOf<readonly ('member' | 'admin')[]>()
    createAuth({
      secret,
      roles,
      callbacks: { jwt: ({ token, stored }) => (stored ? { ...token, roles: roles.only([stored.role]) } : token) },
    })
  })
})

describe('what signIn takes and answers', () => {
  const auth = createAuth({
    secret,
    providers: [
      credentials({ input, identify: ({ email }) => email, authorize: () => null }),
      credentials({ id: 'pin', input: z.object({ pin: z.number() }), identify: null, authorize: () => null }),
    ],
  })
  type SignIn = Parameters<ReturnType<typeof auth.createContext>['signIn']>[0]

  test('one member per provider, told apart by its id', () => {
    expectTypeOf<Extract<SignIn, { provider: 'pin' }>['pin']>().toEqualTypeOf<number>()
    expectTypeOf<Extract<SignIn, { provider: 'credentials' }>['email']>().toEqualTypeOf<string>()
    expectTypeOf<SignIn['provider']>().toEqualTypeOf<'credentials' | 'pin'>()
  })

  test('a wrong provider fails because of its id', () => {
    const good: SignIn = { provider: 'pin', pin: 1 }
    // @ts-expect-error there is no provider "pim"
    const bad: SignIn = { provider: 'pim', pin: 1 }
    void [good, bad]
  })

  test('M16 C12 whom an attempt is for must be said', () => {
    credentials({ input, identify: ({ email }) => email, authorize: () => null })
    credentials({ input, identify: null, authorize: () => null })
    // @ts-expect-error without a name guesses are not limited per account
    credentials({ input, authorize: () => null })
    // @ts-expect-error a name is text
    credentials({ input, identify: () => undefined, authorize: () => null })
  })

  test('the answer is told apart by status', () => {
    type Result = SignInResult<{ a: 1 }>
    expectTypeOf<Extract<Result, { status: 'redirect' }>['url']>().toEqualTypeOf<string>()
    expectTypeOf<Extract<Result, { status: 'signedIn' }>['session']>().toEqualTypeOf<{ a: 1 } | null>()
    expectTypeOf<Extract<Result, { status: 'tokens' }>>().toExtend<TokenResponse<{ a: 1 }>>()
  })

  test('T3 flow exists with tokens enabled only', () => {
    const tokens = createAuth({
      secret,
      tokens: { enabled: true },
      providers: [credentials({ input, identify: null, authorize: () => null })],
    })
    type WithFlow = Parameters<ReturnType<typeof tokens.createContext>['signIn']>[0]
    expectTypeOf<WithFlow['flow']>().toEqualTypeOf<'cookie' | 'token' | undefined>()
    expectTypeOf<Extract<keyof SignIn, 'flow'>>().toEqualTypeOf<never>()
  })
})

describe('what exists only with an option', () => {
  test('J16 the patch is the schema’s; without a schema there is none', () => {
    const auth = createAuth({
      secret,
      claims: { orgId: z.string() },
      update: z.object({ orgId: z.string() }),
      callbacks: {
        update: ({ patch }) => {
          expectTypeOf(patch).toEqualTypeOf<{ orgId: string }>()
          return { orgId: patch.orgId }
        },
      },
    })
    expectTypeOf<Parameters<ReturnType<typeof auth.createContext>['update']>[0]>().toEqualTypeOf<{ orgId: string }>()
    const none = createAuth({ secret })
    expectTypeOf<ReturnType<typeof none.createContext>>().not.toHaveProperty('update')
    createAuth({
      secret,
      claims: { orgId: z.string() },
      update: z.object({ orgId: z.string() }),
      // @ts-expect-error what is written instead of a patch must fit its schema
      callbacks: { update: () => ({ orgId: 7 }) },
    })
  })

  test('sessions can be listed where the adapter can', () => {
    const adapter: Adapter = {}
    const kept = createAuth({ secret, adapter: memoryAdapter() })
    const plain = createAuth({ secret, adapter })
    type TypesIn<T> = T extends Auth<infer U> ? U : never
    expectTypeOf<TypesIn<typeof kept>['sessions']>().toEqualTypeOf<true>()
    expectTypeOf<TypesIn<typeof plain>['sessions']>().toEqualTypeOf<false>()
  })
})

describe('what a broker or a store implements', () => {
  test('a bus carries texts, at once or later', () => {
    createAuth({ secret, bus: createSessionBus() })
    createAuth({ secret, bus: { publish: (message: string) => message.length, subscribe: () => () => {} } })
    createAuth({
      secret,
      bus: { publish: async () => 1, subscribe: async () => async () => {}, close: async () => {} },
    })
    expectTypeOf<Parameters<SessionBus['publish']>>().toEqualTypeOf<[message: string]>()
    expectTypeOf<Auth['close']>().toEqualTypeOf<() => Promise<void>>()
    createAuth({
      secret,
      // @ts-expect-error events are sealed before they get here
      bus: { publish: (event: { readonly type: string }) => event.type, subscribe: () => () => {} },
    })
    // @ts-expect-error a listener must be able to stop
    createAuth({ secret, bus: { publish: () => {}, subscribe: () => {} } })
  })

  test('a counter returns what can be taken back, or when to come back', () => {
    const undo = () => {}
    createAuth({ secret, limits: { counter: { consume: () => ({ allowed: true, undo, clear: async () => {} }) } } })
    createAuth({ secret, limits: { counter: { consume: async () => ({ allowed: false, retryAfter: 1 }) } } })
    // @ts-expect-error a count that can't be taken back would lock out a user who signs in often
    createAuth({ secret, limits: { counter: { consume: () => ({ allowed: true }) } } })
    // @ts-expect-error clients are told when to come back
    createAuth({ secret, limits: { counter: { consume: () => ({ allowed: false }) } } })
    // @ts-expect-error the rule's window is in milliseconds, a number
    createAuth({ secret, limits: { counter: { consume: (_: string, rule: { readonly window: string }) => rule } } })
  })
})
