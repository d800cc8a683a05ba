import { createAuth, memoryAdapter } from '@latchkey/core'
import {
  changeEmail,
  emailCode,
  type EmailMessage,
  type EmailSent,
  type LinkInfo,
  magicLink,
  type Send,
} from '@latchkey/email'
import { createAuthRouter } from '@latchkey/trpc'
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { initTRPC } from '@trpc/server'
import { expectTypeOf, test } from 'vitest'

const send: Send<EmailMessage> = () => {}
const auth = createAuth({
  secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
  adapter: memoryAdapter(),
  plugins: [emailCode({ send }), magicLink({ send }), changeEmail({ send })],
})
const { authRouter, authContext } = createAuthRouter(auth)
const router = initTRPC.context<ReturnType<typeof authContext>>().create().router({ auth: authRouter })
type Inputs = inferRouterInputs<typeof router>['auth']
type Outputs = inferRouterOutputs<typeof router>['auth']

test('signIn takes a code, and a link', () => {
  expectTypeOf({ provider: 'email-code', email: 'a' } as const).toExtend<Inputs['signIn']>()
  expectTypeOf({ provider: 'email-code', email: 'a', code: '1', request: 'x' } as const).toExtend<Inputs['signIn']>()
  expectTypeOf({ provider: 'magic-link', email: 'a', redirectTo: '/' } as const).toExtend<Inputs['signIn']>()
  expectTypeOf({ provider: 'email-code' } as const).not.toExtend<Inputs['signIn']>()
  expectTypeOf({ provider: 'email-code', email: 'a', code: 1 } as const).not.toExtend<Inputs['signIn']>()
  expectTypeOf({ provider: 'magic-code', email: 'a' } as const).not.toExtend<Inputs['signIn']>()
})

test('signIn may return that a mail was sent', () => {
  expectTypeOf<Extract<Outputs['signIn'], { status: 'sent' }>>().toEqualTypeOf<EmailSent>()
  expectTypeOf<Outputs['signIn']['status']>().toEqualTypeOf<'signedIn' | 'tokens' | 'redirect' | 'sent'>()
})

test('operations take and return what they say', () => {
  expectTypeOf<Inputs['account']['changeEmail']>().toEqualTypeOf<{ readonly email: string }>()
  expectTypeOf<Outputs['account']['changeEmail']>().toEqualTypeOf<EmailSent>()
  expectTypeOf<Outputs['account']['confirmEmail']>().toEqualTypeOf<{ readonly email: string }>()
  expectTypeOf<Outputs['magicLink']['look']>().toEqualTypeOf<LinkInfo>()
  expectTypeOf<Outputs['magicLink']['confirm']>().toEqualTypeOf<Outputs['signIn']>()
})

test('mistakes do not compile', () => {
  // @ts-expect-error there is nothing to send mails with
  emailCode({})
  // @ts-expect-error there is no such unit
  emailCode({ send, maxAge: '10min' })
  // @ts-expect-error a page is for links
  emailCode({ send, page: '/in' })
  // @ts-expect-error this one sends other mails
  emailCode({ send: (message: Extract<EmailMessage, { type: 'link' }>) => void message.url })
  // @ts-expect-error a message of the type 'changed' has no code
  const wrong: Send<EmailMessage> = (message) => void message.code
  expectTypeOf(wrong).toBeFunction()
})
