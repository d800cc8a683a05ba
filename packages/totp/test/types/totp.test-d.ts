import { createAuth, memoryAdapter, provider } from '@latchkey/core'
import { type BackupCodes, totp, type TotpStatus } from '@latchkey/totp'
import { createAuthRouter } from '@latchkey/trpc'
import { createTRPCClient, type TRPCClientError } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'

const badge = provider({ id: 'badge', input: z.object({ number: z.string() }), identify: () => '', begin: () => null })
const auth = createAuth({ secret: 's', adapter: memoryAdapter(), providers: [badge], plugins: [totp()] })
const { authRouter, authContext, authErrorFormatter } = createAuthRouter(auth)
const t = initTRPC.context<ReturnType<typeof authContext>>().create({ errorFormatter: authErrorFormatter })
const router = t.router({ auth: authRouter })
const client = createTRPCClient<typeof router>({ links: [] })

test('the challenge is a result of every sign-in, and names the factor', async () => {
  const result = await client.auth.signIn.mutate({ provider: 'badge', number: '1' })
  if (result.status === 'challenge') {
    expectTypeOf(result.challenge).toEqualTypeOf<string>()
    expectTypeOf(result.factors).toEqualTypeOf<readonly 'totp'[]>()
    // @ts-expect-error no session has begun
    void result.session
  }
  const verified = await client.auth.totp.verify.mutate({ challenge: 'c', code: '123456', remember: true })
  expectTypeOf(verified).toEqualTypeOf(result)
  expectTypeOf(client.auth.totp.confirm.mutate({ code: '123456' })).resolves.toEqualTypeOf<BackupCodes>()
  expectTypeOf<keyof TotpStatus>().toEqualTypeOf<'enabled' | 'since' | 'backupCodes'>()
})

test('mistakes do not compile', () => {
  // @ts-expect-error a code is text: it may begin with zero
  void client.auth.totp.verify.mutate({ challenge: 'c', code: 123_456 })
  // @ts-expect-error a second step has a challenge
  void client.auth.totp.verify.mutate({ code: '123456' })
  // @ts-expect-error there is no such option
  totp({ digits: 8 })
})

test('its kind of error is known to clients', () => {
  type Kind = NonNullable<TRPCClientError<typeof router>['data']>['kind']
  expectTypeOf<'TotpNotEnrolled'>().toExtend<NonNullable<Kind>>()
})
