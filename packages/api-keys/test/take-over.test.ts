import { provider, type Verified } from '@latchkey/core'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { startApp } from '../../../test/support/app.ts'
import { openMemory } from '../../../test/support/stores.ts'
import { apiKeys, type NewApiKey } from '../src/index.ts'

const input = z.object({ email: z.string() })
const service = provider({
  id: 'service',
  type: 'oauth',
  input,
  begin: ({ email }): Verified => ({
    account: { provider: 'service', type: 'oauth', providerAccountId: email },
    person: { email },
  }),
})
const mail = provider({ id: 'mail', type: 'email', input, begin: ({ email }): Verified => ({ email }) })

test('O06 a key that a stranger made is gone once the owner of the address is in, and an export names keys without their secrets', async () => {
  const { adapter } = await openMemory()
  const plugins = [apiKeys({ scopes: ['posts:read'] })]
  const app = await startApp({ adapter, plugins, providers: [service, mail] })
  onTestFinished(app.stop)
  const [stranger, owner] = [app.client('cookie'), app.client('cookie')]
  await stranger.mutate('auth.signIn', { provider: 'service', email: 'ann@example.com' })
  const made = await stranger.mutate<NewApiKey>('auth.apiKey.create', { name: 'ci', scopes: ['posts:read'] })
  expect(made.kind).toBeNull()
  const exported = await stranger.query('auth.account.export')
  expect(exported.data).toMatchObject({ plugins: { apiKey: { keys: [{ name: 'ci' }] } } })
  expect(exported.text).not.toContain(made.data.key)
  await owner.mutate('auth.signIn', { provider: 'mail', email: 'ann@example.com' })
  expect([await owner.whoAmI(), await stranger.whoAmI()]).toEqual([expect.any(String), null])
  expect((await owner.query('auth.apiKey.list')).data).toEqual([])
})
