import { query, type SessionUser, signInMutation } from '@latchkey/core'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'

const input = z.object({ code: z.string() })

test('an operation for somebody with a session knows who asks', () => {
  for (const access of ['session', 'fresh'] as const) {
    signInMutation({
      access,
      input,
      run: async (call, { code }) => {
        expectTypeOf(code).toEqualTypeOf<string>()
        expectTypeOf(call.user).toEqualTypeOf<SessionUser>()
        expectTypeOf(call.current.amr).toEqualTypeOf<readonly string[]>()
        return call.signIn({ user: call.user, amr: ['otp', 'mfa'] }, { endOthers: true })
      },
    })
  }
})

test('mistakes do not compile', () => {
  signInMutation({
    input,
    run: async (call) => {
      // @ts-expect-error it is for anybody, so nobody is known
      void call.user
      return call.signIn({ create: {} })
    },
  })
  signInMutation({
    // @ts-expect-error a credential of a plug-in is no session that could be replaced
    access: 'caller',
    input,
    run: async (call) => call.signIn({ create: {} }),
  })
  query({
    access: 'session',
    // @ts-expect-error a query signs nobody in
    run: (call) => call.signIn({ user: call.user }),
  })
})

test('a second step says what it has shown', () => {
  signInMutation({
    input,
    run: async (call, { code }) => {
      const pending = await call.pending(code)
      expectTypeOf(pending.amr).toEqualTypeOf<readonly string[]>()
      // @ts-expect-error a list of words
      void call.finish(pending, 'totp', { amr: 'otp' })
      return call.finish(pending, 'totp', { amr: ['otp'] })
    },
  })
})
