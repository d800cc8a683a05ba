import { type CompleteAdapter, provider } from '@latchkey/core'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startApp, type TestApp } from '../../../../test/support/app.ts'
import type { Client } from '../../../../test/support/client.ts'
import { describeEachWay } from '../../../../test/support/each-way.ts'
import { openInterference } from '../../../../test/support/interfering.ts'
import { password } from '../../../password/src/index.ts'
import { EMAIL, GOOD, proven } from './support/proven.ts'

/** An account at another service, which says whether it has verified the address. */
const service = provider({
  id: 'service',
  type: 'oauth',
  input: z.object({ sub: z.string(), verified: z.boolean() }),
  begin: ({ sub, verified }) => ({
    account: { provider: 'service', type: 'oauth', providerAccountId: sub },
    person: { email: EMAIL, emailVerified: verified ? new Date() : null },
  }),
})

const withoutClaims = (adapter: CompleteAdapter): object => ({
  ...adapter,
  createVerificationToken: undefined,
  useVerificationToken: undefined,
})

describeEachWay(({ flow, strategy }) => {
  let app: TestApp
  let meanwhile: ReturnType<typeof openInterference>['meanwhile']
  let told: string[]

  afterEach(() => app?.stop())

  const start = async (change: (adapter: CompleteAdapter) => object = (adapter) => adapter) => {
    told = []
    const { adapter, ...interference } = openInterference()
    meanwhile = interference.meanwhile
    app = await startApp({
      adapter: change(adapter) as typeof adapter, // a store that lacks what a test takes away
      strategy,
      providers: [proven, service],
      plugins: [password()],
      events: {
        createUser: () => void told.push('createUser'),
        linkAccount: () => void told.push('linkAccount'),
      },
    })
    return adapter
  }

  const arrive = (client: Client, input: { readonly sub: string; readonly verified: boolean }) =>
    client.mutate('auth.signIn', { provider: 'service', ...input })
  const prove = (client: Client) => client.mutate('auth.signIn', { provider: 'mail', email: EMAIL })

  describe('O06: who signs up with an address while its owner proves it', () => {
    test('has no password there', async () => {
      await start()
      const [stranger, owner] = [app.client(flow), app.client(flow)]
      const proved = meanwhile('password_hashes.insert', () => prove(owner))
      await stranger.mutate('auth.password.signUp', { email: EMAIL, password: GOOD })
      expect(await proved()).toMatchObject({ status: 200 })
      expect(await owner.whoAmI()).not.toBeNull()
      expect(await stranger.whoAmI()).toBeNull()
      const input = { provider: 'password', email: EMAIL, password: GOOD }
      expect(await stranger.mutate('auth.signIn', input)).toMatchObject({ kind: 'CredentialsSignin' })
    })

    test('has no account there', async () => {
      await start()
      const [stranger, owner] = [app.client(flow), app.client(flow)]
      const proved = meanwhile('adapter.linkAccount', () => prove(owner))
      await arrive(stranger, { sub: 'of the stranger', verified: false })
      expect(await proved()).toMatchObject({ status: 200 })
      expect(await owner.whoAmI()).not.toBeNull()
      expect(await stranger.whoAmI()).toBeNull()
      const again = await arrive(stranger, { sub: 'of the stranger', verified: false })
      expect(again).toMatchObject({ kind: 'OAuthAccountNotLinked' })
    })
  })

  test('O06: an account that is unlinked while the owner proves the address doesn’t come back as the last way in', async () => {
    const adapter = await start()
    const [stranger, owner] = [app.client(flow), app.client(flow)]
    const input = { sub: 'of the stranger', verified: false }
    await arrive(stranger, input)
    await stranger.mutate('auth.password.set', { password: GOOD })
    const { data: accounts } = await stranger.query<{ readonly id: string }[]>('auth.accounts.list')
    const proved = meanwhile('adapter.unlinkAccount', () => prove(owner))
    await stranger.mutate('auth.accounts.unlink', { id: accounts[0]?.id })
    expect(await proved()).toMatchObject({ status: 200 })
    const id = await owner.whoAmI()
    expect(id).not.toBeNull()
    expect(await adapter.listAccounts(id ?? '')).toEqual([])
    expect(await arrive(stranger, input)).toMatchObject({ kind: 'OAuthAccountNotLinked' })
  })

  describe('two first sign-ins with one account', () => {
    test.each([false, true])('the second comes before the first has linked it: verified %j', async (verified) => {
      const adapter = await start()
      const [first, second] = [app.client(flow), app.client(flow)]
      const input = { sub: '17', verified }
      const arrived = meanwhile('adapter.linkAccount', () => arrive(second, input))
      expect(await arrive(first, input)).toMatchObject({ status: 200 })
      expect(await arrived()).toMatchObject({ status: 200 })
      const owner = await adapter.getUserByEmail(EMAIL)
      expect([await first.whoAmI(), await second.whoAmI()]).toEqual([owner?.id, owner?.id])
      expect(told.sort()).toEqual(['createUser', 'linkAccount'])
    })

    test('in a store without claims: the second may be the one that links', async () => {
      const adapter = await start(withoutClaims)
      const [first, second] = [app.client(flow), app.client(flow)]
      const input = { sub: '17', verified: true }
      const arrived = meanwhile('adapter.linkAccount', () => arrive(second, input))
      expect(await arrive(first, input)).toMatchObject({ status: 200 })
      expect(await arrived()).toMatchObject({ status: 200 })
      const owner = await adapter.getUserByEmail(EMAIL)
      expect([await first.whoAmI(), await second.whoAmI()]).toEqual([owner?.id, owner?.id])
      expect(told.sort()).toEqual(['createUser', 'linkAccount'])
    })
  })
})
