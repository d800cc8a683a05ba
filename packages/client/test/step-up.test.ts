import { definePlugin, memoryAdapter, mutation, provider, signInMutation } from '@latchkey/core'
import { createTRPCUntypedClient, httpBatchLink, TRPCClientError } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { startApp } from '../../../test/support/app.ts'
import { authLink, createTokenStore, type StepUpRequest } from '../src/index.ts'
import { openCookieJar } from './support/cookie-jar.ts'

const NOW = Date.UTC(2026, 10, 29)
const HOUR = 3_600
const none = z.object({})
const ann = { id: 'ann' }

/** `prove` begins a session that has shown two factors; `weaken` asks for a recent sign-in. */
const factors = definePlugin({
  id: 'factors',
  setup: () => ({
    operations: {
      prove: signInMutation({
        access: 'session',
        input: none,
        run: (call) => call.signIn({ user: ann, amr: ['otp', 'mfa'] }),
      }),
      weaken: mutation({ access: 'fresh', run: () => ({ status: 'weakened' as const }) }),
    },
  }),
})
const badge = provider({ id: 'badge', input: none, identify: () => 'ann', begin: () => ({ user: ann }) })

type OnStepUp = (request: StepUpRequest) => boolean | Promise<boolean>

/** Somebody who signed in an hour ago. */
async function open(keeps: 'a cookie' | 'tokens', onStepUp?: OnStepUp) {
  const adapter = memoryAdapter()
  await adapter.createUser(ann)
  const tokens = { enabled: true, accessTokenMaxAge: '1d' } as const
  const app = await startApp({ adapter, now: NOW, providers: [badge], plugins: [factors], tokens })
  onTestFinished(app.stop)
  const url = `${app.origin}/trpc`
  const { fetch: send } = openCookieJar(app.origin)
  const sent: string[] = []
  const fetch = (async (input: string, init: RequestInit) => {
    sent.push(new URL(input).pathname.replace('/trpc/', ''))
    return send(input, init)
  }) as typeof send
  const auth = authLink<AnyTRPCRouter>({
    url,
    fetch,
    ...(keeps === 'tokens' && { tokens: createTokenStore() }),
    ...(onStepUp && { onStepUp }),
  })
  onTestFinished(auth.close)
  const client = createTRPCUntypedClient<AnyTRPCRouter>({
    links: [auth, httpBatchLink({ url, fetch, headers: auth.headers })],
  })
  await client.mutation('auth.signIn', { provider: 'badge' })
  app.wait(HOUR)
  sent.length = 0
  return { app, client, sent }
}

/** The kind that a call fails with. */
async function kindOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => null,
    (error: unknown) => (error instanceof TRPCClientError ? (error.data as { kind?: unknown } | null)?.kind : error),
  )
}

describe.each(['a cookie', 'tokens'] as const)('onStepUp, the session in %s', (keeps) => {
  test.each([
    { call: 'mfa', request: { kind: 'StepUpRequired', factor: 'mfa' } },
    { call: 'fresh', request: { kind: 'StepUpRequired', maxAge: 600 } },
  ])('asks for what is missing, and repeats the refused call once: $call', async ({ call, request }) => {
    const asked: StepUpRequest[] = []
    const { client, sent } = await open(keeps, async (missing) => {
      asked.push(missing)
      await client.mutation('auth.factors.prove', {})
      return true
    })
    await expect(client.mutation(call)).resolves.toBe('done')
    expect(asked).toMatchObject([request])
    expect(sent).toEqual([call, 'auth.factors.prove', call])
  })

  test('repeats a call of the auth router too', async () => {
    const { client, sent } = await open(keeps, async () => {
      await client.mutation('auth.signIn', { provider: 'badge' })
      return true
    })
    await expect(client.mutation('auth.factors.weaken')).resolves.toHaveProperty('status')
    expect(sent).toEqual(['auth.factors.weaken', 'auth.signIn', 'auth.factors.weaken'])
  })

  test('asks once for any number of calls that are refused at the same time', async () => {
    let times = 0
    const { client, sent } = await open(keeps, async () => {
      times++
      await new Promise((resolve) => setTimeout(resolve, 50))
      await client.mutation('auth.factors.prove', {})
      return true
    })
    const one = [client.mutation('mfa'), client.mutation('fresh'), client.mutation('auth.factors.weaken')]
    await new Promise((resolve) => setTimeout(resolve, 25))
    const other = [client.mutation('mfa'), client.mutation('fresh')]
    await Promise.all([...one, ...other])
    expect(times).toBe(1)
    expect(sent.filter((path) => path === 'auth.factors.prove')).toHaveLength(1)
  })

  test('asks again for a call that is refused later', async () => {
    let times = 0
    const { app, client } = await open(keeps, async () => {
      times++
      await client.mutation('auth.factors.prove', {})
      return true
    })
    await client.mutation('fresh')
    app.wait(HOUR)
    await client.mutation('fresh')
    expect(times).toBe(2)
  })

  test.each([
    { what: 'none is given', onStepUp: undefined, times: 1 },
    { what: 'the person declines', onStepUp: () => false, times: 1 },
    { what: 'what was missing is missing still', onStepUp: () => true, times: 2 },
  ])('the call fails as it did if $what', async ({ onStepUp, times }) => {
    const { client, sent } = await open(keeps, onStepUp)
    expect(await kindOf(client.mutation('mfa'))).toBe('StepUpRequired')
    expect(await kindOf(client.mutation('auth.factors.weaken'))).toBe('StepUpRequired')
    expect(sent.filter((path) => path === 'mfa')).toHaveLength(times)
  })

  test('the call fails with what it throws, and the next one asks again', async () => {
    let times = 0
    const { client } = await open(keeps, () => {
      times++
      throw new Error('no dialog')
    })
    await expect(client.mutation('mfa')).rejects.toThrow('no dialog')
    await expect(client.mutation('mfa')).rejects.toThrow('no dialog')
    expect(times).toBe(2)
  })

  test('a call by which the person is to show it asks for nothing itself', async () => {
    const kinds: unknown[] = []
    const { client } = await open(keeps, async () => {
      kinds.push(await kindOf(client.mutation('auth.factors.weaken')))
      return false
    })
    expect(await kindOf(client.mutation('fresh'))).toBe('StepUpRequired')
    expect(kinds).toEqual(['StepUpRequired'])
  })

  test('no other refusal asks', async () => {
    let times = 0
    const { client } = await open(keeps, () => (times++, true))
    await client.mutation('auth.signOut')
    expect(await kindOf(client.query('guarded'))).toBe('SessionRequired')
    expect(await kindOf(client.mutation('auth.signIn', { provider: 'nobody' }))).toBe('InvalidInput')
    expect(times).toBe(0)
  })
})
