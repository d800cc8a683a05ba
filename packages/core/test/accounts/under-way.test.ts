import { provider } from '@latchkey/core'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type AppOptions, startApp, type TestApp } from '../../../../test/support/app.ts'
import { describeEachWay } from '../../../../test/support/each-way.ts'
import { openInterference } from '../../../../test/support/interfering.ts'
import { apiKeys } from '../../../api-keys/src/index.ts'
import { password } from '../../../password/src/index.ts'
import { EMAIL, GOOD, proven } from './support/proven.ts'

function openSignal() {
  let send = () => {}
  const sent = new Promise<void>((resolve) => (send = resolve))
  return { send, sent }
}

describeEachWay(({ flow, strategy }) => {
  let app: TestApp

  afterEach(() => app?.stop())

  const start = async (options: Partial<AppOptions> = {}) => {
    const interference = openInterference()
    app = await startApp({
      adapter: interference.adapter,
      strategy,
      providers: [proven],
      plugins: [password(), apiKeys({ scopes: ['read'] })],
      ...options,
    })
    const [stranger, owner] = [app.client(flow), app.client(flow)]
    const prove = () => owner.mutate('auth.signIn', { provider: 'mail', email: EMAIL })
    const signIn = () => stranger.mutate('auth.signIn', { provider: 'password', email: EMAIL, password: GOOD })
    return { ...interference, stranger, owner, prove, signIn }
  }
  /** A stranger has an account with an address that its owner is about to prove. */
  const startWithStranger = async (options: Partial<AppOptions> = {}) => {
    const lab = await start(options)
    await lab.stranger.mutate('auth.password.signUp', { email: EMAIL, password: GOOD })
    return lab
  }

  describe('O06 what a stranger has begun when the owner of the address takes the account over', () => {
    test.each([
      { what: 'as the store has it', resolve: undefined },
      { what: 'as resolveUser makes it anew', resolve: { id: true, name: true } },
    ])('a sign-in: whatever the user of the session is, $what', async ({ resolve }) => {
      const { stranger, owner, meanwhile, prove, signIn } = await startWithStranger({
        ...(resolve && { callbacks: { resolveUser: ({ user: { id, name } }) => ({ id, name }) } }),
      })
      await stranger.mutate('auth.signOut')
      const proved = meanwhile('adapter.createSession', prove)
      expect(await signIn()).toMatchObject({ status: 401, kind: 'SessionRevoked' })
      expect(await proved()).toMatchObject({ status: 200 })
      expect([await stranger.whoAmI(), await owner.whoAmI()]).toEqual([null, expect.any(String)])
    })

    test('a key, made with a session that began just before the address counted as verified', async () => {
      /** By what they sign in isn't asked again. */
      const badge = provider({
        id: 'badge',
        type: 'email',
        input: z.object({}),
        begin: async () => ({ user: (await adapter.getUserByEmail(EMAIL)) ?? { id: 'nobody' } }),
      })
      const lab = await startWithStranger({ providers: [proven, badge] })
      const { adapter, stranger, owner, interfere, prove } = lab
      await stranger.mutate('auth.signOut')
      const id = (await adapter.getUserByEmail(EMAIL))?.id ?? ''
      const [reached, released] = [openSignal(), openSignal()]
      let calls: readonly string[] = []
      let creating: Promise<unknown> | undefined
      interfere(async (_, method) => {
        calls = [...calls, method]
        const isFirst = calls.filter((call) => call === method).length === 1
        // The stranger's password was right, and their session is about to be written.
        if (method === 'createSession' && isFirst) {
          reached.send()
          await released.sent
        }
        // The address is about to count as verified: the session is written now.
        if (method === 'updateUser' && isFirst) {
          released.send()
          await signingIn
        }
        // All sessions are about to end for the last time.
        if (method === 'revokeSessions' && calls.includes('updateUser') && !creating) {
          creating = stranger.mutate('auth.apiKey.create', { name: 'mine', scopes: ['read'] })
          await Promise.race([creating, new Promise((resolve) => setTimeout(resolve, 300))])
        }
      })
      const signingIn = stranger.mutate('auth.signIn', { provider: 'badge' })
      await reached.sent
      expect(await prove()).toMatchObject({ status: 200 })
      expect(await signingIn).toMatchObject({ status: 200 })
      expect(await creating).toMatchObject({ status: 401 })
      expect(await owner.whoAmI()).toBe(id)
      expect(await owner.query('auth.apiKey.list')).toMatchObject({ data: [] })
    })

    test('a deletion: the owner has an account afterwards', async () => {
      const { stranger, owner, meanwhile, prove } = await startWithStranger()
      const proved = meanwhile('adapter.revokeSessions', prove)
      expect(await stranger.mutate('auth.account.delete')).toMatchObject({ status: 200 })
      expect(await proved()).toMatchObject({ status: 200 })
      expect([await stranger.whoAmI(), await owner.whoAmI()]).toEqual([null, expect.any(String)])
    })

    test('an export: is refused', async () => {
      const { stranger, owner, meanwhile, prove } = await startWithStranger()
      const proved = meanwhile('adapter.listAccounts', prove)
      expect(await stranger.query('auth.account.export')).toMatchObject({ status: 401, kind: 'SessionRevoked' })
      expect(await proved()).toMatchObject({ status: 200 })
      expect((await owner.query('auth.account.export')).kind).toBeNull()
    })
  })

  test('a proof of an address that its owner leaves at this moment signs nobody in', async () => {
    const { adapter, owner, meanwhile, prove } = await start()
    await prove()
    const id = (await owner.whoAmI()) ?? ''
    const reader = app.client(flow)
    const left = meanwhile('adapter.createSession', () => adapter.updateUser({ id, email: 'new@example.com' }))
    const input = { provider: 'mail', email: EMAIL }
    expect(await reader.mutate('auth.signIn', input)).toMatchObject({ status: 401, kind: 'SessionRevoked' })
    await left()
    expect([await reader.whoAmI(), await owner.whoAmI()]).toEqual([null, id])
    expect(await adapter.listSessions({ userId: id, now: new Date() })).toHaveLength(1)
  })

  test('a first sign-in whose belongings fail doesn’t take the second one’s user away', async () => {
    let fails = true
    const service = provider({
      id: 'service',
      type: 'oauth',
      input: z.object({}),
      begin: () => ({
        account: { provider: 'service', type: 'oauth', providerAccountId: '17' },
        person: { email: EMAIL, emailVerified: new Date() },
        belongings: async () => {
          if (!fails) return
          fails = false
          second = arrive(app.client(flow))
          await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 300))])
          throw new Error('no disk')
        },
      }),
    })
    const { adapter } = await start({ providers: [service] })
    const arrive = async (client: ReturnType<TestApp['client']>) => {
      const { status } = await client.mutate('auth.signIn', { provider: 'service' })
      return [status, await client.whoAmI(), client] as const
    }
    let second: ReturnType<typeof arrive> | undefined
    expect(await arrive(app.client(flow))).toMatchObject([500, null, {}])
    const [status, id, client] = (await second) ?? []
    expect(status).toBe(200)
    expect(await adapter.getUserByAccount({ provider: 'service', providerAccountId: '17' })).toMatchObject({ id })
    expect(await client?.whoAmI()).toBe(id)
  })
})
