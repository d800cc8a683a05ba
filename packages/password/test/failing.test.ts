import { expect, test } from 'vitest'
import { type Interfere, interferingAdapter } from '../../../test/support/interfering.ts'
import { GOOD, startPasswordApp } from './support/app.ts'

test('a database that fails while a sign-up is verified consumes no link and leaves nobody behind', async () => {
  let interfere: Interfere = async () => {}
  const adapter = interferingAdapter((table, method) => interfere(table, method))
  const app = await startPasswordApp({ mail: true, store: { adapter, dump: async () => null, close: async () => {} } })
  const client = app.client('cookie')
  await client.mutate('auth.password.signUp', { email: 'ann@example.com', password: GOOD })
  const { token } = await app.nextMail('verifyEmail', 'ann@example.com')
  interfere = async (table, method) => {
    if (`${table}.${method}` === 'password_hashes.insert') throw new Error('the database is gone')
  }
  const failed = await client.mutate('auth.password.verifyEmail', { token })
  expect(failed).toMatchObject({ status: 503, kind: 'AdapterError' })
  expect(await adapter.getUserByEmail('ann@example.com')).toBeNull()
  interfere = async () => {}
  expect(await client.mutate('auth.password.verifyEmail', { token })).toMatchObject({ status: 200 })
  expect(await client.whoAmI()).not.toBeNull()
  await app.stop()
})
