import { definePlugin, memoryAdapter, type PluginEngine, provider, signInMutation } from '@latchkey/core'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { type AppOptions, startApp, type TestApp } from '../../../test/support/app.ts'
import type { Client } from '../../../test/support/client.ts'
import { describeEachWay } from '../../../test/support/each-way.ts'

const NOW = Date.UTC(2026, 10, 29)
const none = z.object({})

/** Ways in by whatever a test names, and operations that ask for a session and begin another. */
const ways = definePlugin({
  id: 'ways',
  setup: ({ store }: PluginEngine) => {
    const find = async (id: string) => (await store.getUser?.(id)) ?? { id }
    return {
      factors: { second: { isDue: ({ amr }) => amr.includes('pwd') && !amr.includes('mfa') } },
      operations: {
        prove: signInMutation({
          access: 'session',
          input: none,
          run: async (call) => call.signIn({ user: await find(call.user.id), amr: ['otp', 'mfa'] }),
        }),
        change: signInMutation({
          access: 'fresh',
          input: none,
          run: async (call) => call.signIn({ user: await find(call.user.id), amr: ['hwk'] }, { endOthers: true }),
        }),
        become: signInMutation({
          access: 'session',
          input: z.object({ id: z.string() }),
          run: async (call, { id }) => call.signIn({ user: await find(id), amr: ['hwk'] }),
        }),
        reset: signInMutation({
          input: none,
          run: async (call) => call.signIn({ user: await find('ann'), amr: ['pwd'] }, { endOthers: true }),
        }),
        second: signInMutation({
          input: z.object({ challenge: z.string() }),
          run: async (call, { challenge }) =>
            call.finish(await call.pending(challenge), 'second', { amr: ['otp', 'pwd'] }),
        }),
      },
    }
  },
})

const way = (id: string, type: 'credentials' | 'email' | 'oauth' | 'oidc' | 'webauthn', amr?: readonly string[]) =>
  provider({
    id,
    type,
    input: none,
    identify: () => 'ann',
    begin: () => ({ mirror: { id: 'ann' }, ...(amr && { amr }) }),
  })

const providers = [
  way('badge', 'credentials', ['hwk', 'user']),
  way('mail', 'email'),
  way('github', 'oauth'),
  way('idp', 'oidc'),
  way('key', 'webauthn'),
  way('password', 'credentials'),
  way('broken', 'credentials', ['two words']),
]

let app: TestApp
afterEach(() => app.stop())
const start = async (options: Partial<AppOptions> = {}) => {
  const adapter = memoryAdapter()
  await adapter.createUser({ id: 'ann' })
  await adapter.createUser({ id: 'bob' })
  app = await startApp({ adapter, now: NOW, providers, plugins: [ways], ...options })
}
const signIn = async (client: Client, way = 'badge') => client.mutate('auth.signIn', { provider: way })
const look = async (client: Client) =>
  (await client.query<{ amr: readonly string[]; sessionId: string; authTime: string }>('guarded')).data
const begun = (client: Client) => (client.flow === 'token' ? 'tokens' : 'signedIn')

describeEachWay(({ flow, strategy }) => {
  test.each([
    { way: 'badge', amr: ['hwk', 'user'] },
    { way: 'mail', amr: ['email'] },
    { way: 'github', amr: ['fed'] },
    { way: 'idp', amr: ['fed'] },
    { way: 'key', amr: [] },
  ])('a session says how its person signed in: $way', async ({ way: name, amr }) => {
    await start({ strategy })
    const client = app.client(flow)
    expect((await signIn(client, name)).data.status).toBe(begun(client))
    expect((await look(client)).amr).toEqual(amr)
  })

  test('what is no word is a mistake of the provider', async () => {
    await start({ strategy })
    expect((await signIn(app.client(flow), 'broken')).kind).toBe('CallbackRouteError')
  })

  test('T7 a second step adds what it has shown, and that there were two', async () => {
    await start({ strategy })
    const client = app.client(flow)
    const { challenge } = (await signIn(client, 'password')).data
    expect((await client.mutate('auth.ways.second', { challenge })).data.status).toBe(begun(client))
    expect((await look(client)).amr).toEqual(['pwd', 'otp', 'mfa'])
  })

  test('S02 a session that proves more is replaced: a new id, the same person, what was shown before and now', async () => {
    await start({ strategy })
    const client = app.client(flow)
    await signIn(client)
    const [before, cookies, tokens] = [await look(client), new Map(client.cookies), client.tokens]
    app.wait(60)
    expect((await client.mutate('auth.ways.prove')).data.status).toBe(begun(client))
    const after = await look(client)
    expect(after.amr).toEqual(['hwk', 'user', 'otp', 'mfa'])
    expect(after.sessionId).not.toBe(before.sessionId)
    expect(Date.parse(after.authTime) - Date.parse(before.authTime)).toBe(60_000)
    const thief = app.client(flow)
    for (const [name, value] of cookies) thief.cookies.set(name, value)
    thief.tokens = tokens
    expect((await thief.query('guarded')).kind).toBe('SessionRevoked')
    if (tokens) expect((await thief.mutate('auth.token', tokens)).kind).toBe('SessionRevoked')
  })

  test('it stays what it is, a cookie or tokens, whatever is asked for', async () => {
    await start({ strategy })
    const client = app.client(flow)
    await signIn(client)
    const other = flow === 'token' ? 'cookie' : 'token'
    const answer = await client.mutate('auth.ways.prove', { flow: other })
    expect(answer.data.status).toBe(begun(client))
    expect(answer.headers.getSetCookie().length > 0).toBe(flow === 'cookie')
  })

  test('what one person has shown says nothing of another', async () => {
    await start({ strategy })
    const client = app.client(flow)
    await signIn(client)
    await client.mutate('auth.ways.prove')
    await client.mutate('auth.ways.become', { id: 'bob' })
    expect([await client.whoAmI(), (await look(client)).amr]).toEqual(['bob', ['hwk']])
  })

  test('endOthers ends the others, and neither the new session nor those of other people', async () => {
    await start({ strategy })
    const [client, other, bob] = [app.client(flow), app.client('cookie'), app.client('token')]
    for (const each of [client, other, bob]) await signIn(each)
    await bob.mutate('auth.ways.become', { id: 'bob' })
    expect((await client.mutate('auth.ways.change')).data.status).toBe(begun(client))
    expect(await Promise.all([client, other, bob].map((each) => each.whoAmI()))).toEqual(['ann', null, 'bob'])
  })

  test('if a second step is due, the others end after it', async () => {
    await start({ strategy })
    const [client, other] = [app.client(flow), app.client(flow)]
    await signIn(other)
    const { challenge, status } = (await client.mutate('auth.ways.reset')).data
    expect([status, await other.whoAmI()]).toEqual(['challenge', 'ann'])
    await client.mutate('auth.ways.second', { challenge })
    expect([await client.whoAmI(), (await other.query('guarded')).kind]).toEqual(['ann', 'SessionRevoked'])
  })

  test('requireFactor lets in whoever has shown it, and says to others what is missing', async () => {
    await start({ strategy })
    const client = app.client(flow)
    expect((await client.mutate('mfa')).error).toMatchObject({ kind: 'SessionRequired' })
    await signIn(client)
    const refused = await client.mutate('mfa')
    expect(refused).toMatchObject({ status: 403, error: { kind: 'StepUpRequired', factor: 'mfa' } })
    expect(refused.error).not.toHaveProperty('maxAge')
    await client.mutate('auth.ways.prove')
    expect((await client.mutate<string>('mfa')).data).toBe('done')
  })

  test('whoever signed in too long ago is told how long ago it may be, by tRPC and over HTTP', async () => {
    await start({ strategy })
    const client = app.client(flow)
    await signIn(client)
    app.wait(11 * 60)
    const expected = { kind: 'StepUpRequired', maxAge: 600 }
    for (const path of ['fresh', 'auth.ways.change']) {
      const { error } = await client.mutate(path)
      expect(error).toMatchObject(expected)
      expect(error).not.toHaveProperty('factor')
    }
    const headers = { 'content-type': 'application/json', origin: app.origin }
    const response = await client.fetch('/auth/ways/change', { method: 'POST', body: '{}', headers })
    expect(await response.json()).toEqual({
      error: { ...expected, code: 'FORBIDDEN', message: 'StepUpRequired: Sign in again to do this.' },
    })
  })

  test('an operation that begins a session in place of another refuses whoever has none, or an old one', async () => {
    await start({ strategy })
    const client = app.client(flow)
    expect((await client.mutate('auth.ways.prove')).kind).toBe('SessionRequired')
    await signIn(client)
    app.wait(11 * 60)
    expect((await client.mutate('auth.ways.change')).kind).toBe('StepUpRequired')
    expect((await client.mutate('auth.ways.prove')).data.status).toBe(begun(client))
    expect((await client.mutate('auth.ways.change')).data.status).toBe(begun(client))
  })
})

test('without a store of sessions nothing else can end, and nothing fails', async () => {
  await start({
    strategy: 'jwt',
    adapter: withoutSessions(),
    providers: providers.slice(0, 1),
    tokens: { enabled: false },
  })
  const [client, other] = [app.client('cookie'), app.client('cookie')]
  for (const each of [client, other]) await signIn(each)
  expect((await client.mutate('auth.ways.change')).data.status).toBe('signedIn')
  expect(await Promise.all([client.whoAmI(), other.whoAmI()])).toEqual(['ann', 'ann'])
})

/** As an adapter of Auth.js is, with tables of plug-ins beside it. */
function withoutSessions(): AppOptions['adapter'] {
  const { getUser, createUser, updateUser, table, deleteExpired, deleteUser } = memoryAdapter()
  return { getUser, createUser, updateUser, table, deleteExpired, deleteUser }
}
