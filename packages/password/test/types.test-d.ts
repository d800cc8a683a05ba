import { createAuth, memoryAdapter } from '@latchkey/core'
import { createAuthRouter } from '@latchkey/trpc'
import { type inferRouterInputs, type inferRouterOutputs, initTRPC } from '@trpc/server'
import { expectTypeOf, test } from 'vitest'
import { password, type PasswordMail } from '../src/index.ts'

const auth = createAuth({
  secret: 'only for the compiler, 32 bytes or more',
  adapter: memoryAdapter(),
  plugins: [password({ send: () => {} })],
})
const router = initTRPC.create().router({ auth: createAuthRouter(auth).authRouter })
type Inputs = inferRouterInputs<typeof router>['auth']
type Outputs = inferRouterOutputs<typeof router>['auth']

test('what a client may send is known', () => {
  expectTypeOf<{ email: string; password: string; name: string }>().toExtend<Inputs['password']['signUp']>()
  expectTypeOf<{ provider: 'password'; email: string; password: string }>().toExtend<Inputs['signIn']>()
  expectTypeOf<{ email: string; password: number }>().not.toExtend<Inputs['password']['signUp']>()
  expectTypeOf<{ next: string }>().not.toExtend<Inputs['password']['change']>()
})

test('what it gets is known', () => {
  expectTypeOf<'sent'>().toExtend<Outputs['password']['signUp']['status']>()
  expectTypeOf<'sent'>().not.toExtend<Outputs['password']['change']['status']>()
  expectTypeOf<'signedIn'>().toExtend<Outputs['password']['reset']['status']>()
  expectTypeOf<Outputs['password']['forgot']['status']>().toEqualTypeOf<'sent'>()
})

test('a mail says what it has', () => {
  const write = (mail: PasswordMail) => {
    // @ts-expect-error not every mail has a token
    void mail.token
    return mail.type === 'resetPassword' ? mail.token : mail.to
  }
  expectTypeOf(write).returns.toEqualTypeOf<string>()
})

test('functions for the server are at auth.accounts', () => {
  expectTypeOf(auth.accounts.importPasswordHash).returns.resolves.toEqualTypeOf<boolean>()
  // @ts-expect-error an option that there isn't
  password({ minLenght: 15 })
})
