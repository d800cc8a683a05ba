import {
  type Answer,
  type Challenge,
  createAuth,
  type JwtParams,
  memoryAdapter,
  provider,
  type SignInResult,
} from '@latchkey/core'
import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

const input = z.object({ email: z.string() })

const mail = provider({
  id: 'mail',
  type: 'email',
  input,
  begin: ({ email }) => ({ answer: { status: 'sent', to: email } }),
})
const badge = provider({
  id: 'badge',
  input: z.object({ number: z.number().default(1) }),
  identify: ({ number }) => String(number),
  begin: async ({ number }, call) => {
    expectTypeOf(number).toEqualTypeOf<number>()
    expectTypeOf(call.header('x')).toEqualTypeOf<string | null>()
    return (await call.session()) ? null : { create: { name: 'Ann' } }
  },
})

describe('provider()', () => {
  const auth = createAuth({ secret: 'x'.repeat(32), adapter: memoryAdapter(), providers: [mail, badge] })
  type Types = (typeof auth)['$Infer']

  test('its id and input are a member of what signIn takes, its answer of what signIn returns', () => {
    type Input = Parameters<ReturnType<typeof auth.createContext>['signIn']>[0]
    expectTypeOf<Input['provider']>().toEqualTypeOf<'mail' | 'badge'>()
    expectTypeOf<Extract<Input, { provider: 'badge' }>['number']>().toEqualTypeOf<number | undefined>()
    type Result = Awaited<ReturnType<ReturnType<typeof auth.createContext>['signIn']>>
    expectTypeOf<Extract<Result, { status: 'sent' }>['to']>().toEqualTypeOf<string>()
    expectTypeOf<Result['status']>().toEqualTypeOf<'signedIn' | 'tokens' | 'redirect' | 'sent'>()
  })

  test('without answers a result is what the engine itself returns', () => {
    type Plain = SignInResult<Types['Session']>
    expectTypeOf<Plain['status']>().toEqualTypeOf<'signedIn' | 'tokens' | 'redirect'>()
    expectTypeOf<SignInResult<object, Challenge<'totp'>>['status']>().toEqualTypeOf<
      'signedIn' | 'tokens' | 'redirect' | 'challenge'
    >()
    expectTypeOf<{ status: 'sent' }>().toExtend<Answer>()
  })

  test('mistakes do not compile', () => {
    // @ts-expect-error no step
    provider({ id: 'a', input, begin: () => ({ id: 'ann' }) })
    // @ts-expect-error a user has an id
    provider({ id: 'a', input, begin: () => ({ user: { name: 'Ann' } }) })
    // @ts-expect-error an answer has a status
    provider({ id: 'a', input, begin: () => ({ answer: { to: 'ann' } }) })
    // @ts-expect-error an account comes with a person
    provider({ id: 'a', input, begin: () => ({ account: { provider: 'a', type: 'oauth', providerAccountId: '1' } }) })
    // @ts-expect-error no type that a provider may have
    provider({ id: 'a', type: 'saml', input, begin: () => null })
    // @ts-expect-error the schema has no such field
    provider({ id: 'a', input, begin: ({ name }) => ({ create: { name } }) })
    // @ts-expect-error there is no text
    provider({ id: 'a', input, identify: ({ email }) => email.length, begin: () => null })
  })

  test('the callbacks get what another service said', () => {
    type AtSignIn = Extract<JwtParams, { user: object }>
    expectTypeOf<AtSignIn['profile']>().toEqualTypeOf<Readonly<Record<string, unknown>> | null>()
    expectTypeOf<Extract<JwtParams, { trigger: 'update' }>['profile']>().toEqualTypeOf<null>()
  })
})
