import { createAuth, memoryAdapter } from '@latchkey/core'
import { passkey, type PasskeyInfo } from '@latchkey/passkey'
import { type PasskeyError, registerPasskey, signInWithPasskey } from '@latchkey/passkey/client'
import { createAuthRouter } from '@latchkey/trpc'
import { createTRPCClient, httpLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { describe, expectTypeOf, test } from 'vitest'

const auth = createAuth({
  secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
  adapter: memoryAdapter(),
  tokens: { enabled: true },
  plugins: [passkey({ rpName: 'Acme' })],
})
const { authRouter, authContext } = createAuthRouter(auth)
const t = initTRPC.context<ReturnType<typeof authContext>>().create()
const appRouter = t.router({ auth: authRouter })
const client = createTRPCClient<typeof appRouter>({ links: [httpLink({ url: '/trpc' })] })

describe('an app’s client', () => {
  test('registers and signs in through the helpers, whose results are its own', async () => {
    const info = await registerPasskey(client.auth, { name: 'My phone' })
    expectTypeOf(info.name).toEqualTypeOf<string>()
    expectTypeOf(info.id).toEqualTypeOf<string>()
    const result = await signInWithPasskey(client.auth, { autofill: true })
    expectTypeOf(result).toEqualTypeOf<Awaited<ReturnType<typeof client.auth.signIn.mutate>>>()
    expectTypeOf(result.status).toEqualTypeOf<'signedIn' | 'tokens' | 'redirect'>()
  })

  test('has the operations', () => {
    expectTypeOf(client.auth.passkey.registerOptions.mutate()).resolves.toHaveProperty('challenge')
    expectTypeOf(client.auth.passkey.signInOptions.mutate).toBeCallableWith()
    expectTypeOf(client.auth.passkey.signInOptions.mutate).toBeCallableWith({ email: 'ann@example.com' })
    // @ts-expect-error a passkey is renamed to something
    void client.auth.passkey.rename.mutate({ id: 'x' })
    // @ts-expect-error without a response nobody is signed in
    void client.auth.signIn.mutate({ provider: 'passkey' })
  })

  test('a client without passkeys does not fit', () => {
    // @ts-expect-error it is the part where authRouter is mounted, not the whole client
    void registerPasskey(client)
    // @ts-expect-error there is no such option
    void signInWithPasskey(client.auth, { mail: 'ann@example.com' })
  })
})

test('an error has a reason that can be switched on', () => {
  expectTypeOf<PasskeyError['reason']>().toEqualTypeOf<'cancelled' | 'notSupported' | 'alreadyRegistered' | 'failed'>()
})

test('the server has the dates as dates', () => {
  expectTypeOf<PasskeyInfo['lastUsedAt']>().toEqualTypeOf<Date | null>()
})

test('mistakes in the options do not compile', () => {
  // @ts-expect-error there is no such verification
  passkey({ userVerification: 'always' })
  // @ts-expect-error a list
  passkey({ origins: 'android:apk-key-hash:x' })
})
