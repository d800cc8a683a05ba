import { definePlugin, memoryAdapter, signInMutation } from '@latchkey/core'
import { z } from 'zod'
import { afterEach, expect, test } from 'vitest'
import type { TestApp } from '../../../test/support/app.ts'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { getAccess } from './support/access.ts'
import { openScene, type Scene, type SceneOptions } from './support/scene.ts'

/** A second factor that everybody has. */
const gate = definePlugin({
  id: 'gate',
  setup: () => ({
    factors: { gate: { isDue: () => true } },
    operations: {
      pass: signInMutation({
        input: z.object({ challenge: z.string() }),
        run: async (call, { challenge }) => call.finish(await call.pending(challenge), 'gate'),
      }),
    },
  }),
})

describeEachWay(({ flow, strategy }) => {
  let scene: Scene
  afterEach(() => scene.stop())
  const open = async (options?: SceneOptions) => (scene = await openScene({ strategy, ...options }))
  const names = ({ told }: TestApp) => told.map(({ name }) => name).filter((name) => !name.startsWith('events.'))
  const find = ({ told }: TestApp, name: string) => told.filter((one) => one.name === name).map(({ params }) => params)

  test('O1 O2 the callbacks run in their order, and a session begins', async () => {
    const { app, person } = await open()
    const ann = person(flow)
    const { kind, url, answer } = await ann.signIn()
    expect(kind).toBeNull()
    if (flow === 'cookie') expect(url.href).toBe(`${app.origin}/in`)
    else expect(answer?.data).toMatchObject({ status: 'tokens', tokenType: 'Bearer' })
    const writesToken = flow === 'token' || strategy === 'jwt'
    expect(names(app)).toEqual(['signIn', 'resolveUser', ...(writesToken ? ['jwt'] : []), 'session'])
    const { data } = await ann.client.query('auth.session')
    expect(data).toMatchObject({ user: { name: 'Ann', email: 'ann@example.test' } })
  })

  test('O3 a signIn callback that refuses leaves nothing behind', async () => {
    const adapter = memoryAdapter()
    const { app, person } = await open({ adapter, callbacks: { signIn: () => false } })
    const ann = person(flow)
    const { kind } = await ann.signIn()
    expect(kind).toBe('AccessDenied')
    expect(await ann.client.whoAmI()).toBeNull()
    expect(names(app)).toEqual(['signIn'])
    expect(await adapter.getUserByAccount({ provider: 'op', providerAccountId: 'ann' })).toBeNull()
    await expect(getAccess(app, { userId: 'ann', provider: 'op' })).rejects.toMatchObject({
      kind: 'ProviderTokenMissing',
    })
  })

  test('O3 a signIn callback may send the person elsewhere', async () => {
    const { app, person } = await open({ callbacks: { signIn: () => '/waiting' } })
    const ann = person(flow)
    const { kind, url } = await ann.signIn()
    if (flow === 'cookie') expect(url.href).toBe(`${app.origin}/waiting`)
    else expect(kind).toBe('AccessDenied')
    expect(await ann.client.whoAmI()).toBeNull()
  })

  test('O4 a callback that throws is a failure of the server, and its reason stays there', async () => {
    const signIn = () => Promise.reject(new Error('the password of the store is hunter2'))
    const { app, person } = await open({ callbacks: { signIn } })
    const ann = person(flow)
    const { kind, url, answer } = await ann.signIn()
    expect(kind).toBe('CallbackRouteError')
    expect(`${url.href} ${answer?.text}`).not.toContain('hunter2')
    expect(app.log.join()).toContain('hunter2')
    expect(await ann.client.whoAmI()).toBeNull()
  })

  test('O5 the signIn callback sees the user, the account with its tokens and the raw profile', async () => {
    const { app, person } = await open()
    await person(flow).signIn()
    const [params] = find(app, 'signIn')
    expect(params).toMatchObject({
      user: { name: 'Ann', email: 'ann@example.test' },
      account: {
        provider: 'op',
        type: 'oidc',
        providerAccountId: 'ann',
        access_token: expect.any(String),
        refresh_token: expect.any(String),
        id_token: expect.any(String),
        token_type: 'bearer',
        expires_at: expect.any(Number),
      },
      profile: { sub: 'ann', name: 'Ann', email: 'ann@example.test', email_verified: true, iss: scene.op.issuer },
      credentials: null,
    })
  })

  test('O6 resolveUser chooses whose session it is', async () => {
    const resolveUser = () => ({ id: 'chosen' })
    const adapter = memoryAdapter()
    await adapter.createUser({ id: 'chosen', email: 'chosen@example.test', emailVerified: null })
    const { person } = await open({ adapter, callbacks: { resolveUser } })
    const ann = person(flow)
    await ann.signIn()
    expect(await ann.client.whoAmI()).toBe('chosen')
  })

  test('O7 an address that somebody else has is never linked', async () => {
    const adapter = memoryAdapter()
    await adapter.createUser({ id: 'owner', email: 'ann@example.test', emailVerified: new Date() })
    const { app, person } = await open({ adapter })
    const ann = person(flow)
    const { kind } = await ann.signIn()
    expect(kind).toBe('OAuthAccountNotLinked')
    expect(await ann.client.whoAmI()).toBeNull()
    expect(await adapter.listAccounts('owner')).toEqual([])
    expect(find(app, 'events.linkAccount')).toEqual([])
  })

  test('O7 it is linked if both sides have verified it, and the provider is trusted to', async () => {
    const adapter = memoryAdapter()
    await adapter.createUser({ id: 'owner', email: 'ann@example.test', emailVerified: new Date() })
    const { person } = await open({ adapter, entry: { trustEmail: true } })
    const ann = person(flow)
    expect((await ann.signIn()).kind).toBeNull()
    expect(await ann.client.whoAmI()).toBe('owner')
  })

  test('O8 events that throw change nothing', async () => {
    const fail = () => Promise.reject(new Error('the event failed'))
    const { app, person } = await open({ events: { signIn: fail, createUser: fail, linkAccount: fail } })
    const ann = person(flow)
    expect((await ann.signIn()).kind).toBeNull()
    expect(await ann.client.whoAmI()).not.toBeNull()
    expect(app.log.join()).toContain('the event failed')
  })

  test('J5 O9 the first sign-in is a signUp and creates the user, the second does neither', async () => {
    const { app, person } = await open()
    const [first, second] = [person(flow), person(flow)]
    await first.signIn()
    await second.signIn()
    expect(await second.client.whoAmI()).toBe(await first.client.whoAmI())
    expect(find(app, 'events.createUser')).toMatchObject([{ user: { email: 'ann@example.test' } }])
    const [linked, ...more] = find(app, 'events.linkAccount')
    expect(linked).toMatchObject({ account: { provider: 'op' }, profile: { sub: 'ann', name: 'Ann' } })
    expect(more).toEqual([])
    expect(find(app, 'events.signIn').map(({ isNewUser }) => isNewUser)).toEqual([true, false])
    const triggers = find(app, 'jwt').flatMap(({ user, trigger }) => (user ? [trigger] : []))
    if (flow === 'token' || strategy === 'jwt') expect(triggers).toEqual(['signUp', 'signIn'])
  })

  test('T7 a second factor that is due gives a challenge, and no session before it', async () => {
    const { person } = await open({ plugins: [gate] })
    const ann = person(flow)
    const { url, answer } = await ann.signIn()
    expect(await ann.client.whoAmI()).toBeNull()
    const given = flow === 'cookie' ? Object.fromEntries(new URLSearchParams(url.hash.slice(1))) : answer?.data
    expect(given).toMatchObject({ challenge: expect.any(String), factors: flow === 'cookie' ? 'gate' : ['gate'] })
    const passed = await ann.client.mutate('auth.gate.pass', { challenge: given?.challenge })
    expect(passed.kind).toBeNull()
    expect(await ann.client.whoAmI()).not.toBeNull()
  })
})
