import { definePlugin, provider } from '@latchkey/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Interfere, interferingAdapter, openInterference } from '../../../test/support/interfering.ts'
import { totp } from '../src/index.ts'
import { openApp } from './support/app.ts'

test('somebody who has begun with a stolen session can’t replace what its owner has set up meanwhile', async () => {
  let interfere: Interfere = async () => {}
  const adapter = interferingAdapter((table, method) => interfere(table, method))
  const app = await openApp({ store: { adapter, dump: async () => null, close: async () => {} } })
  const { client: thief } = await app.signIn('cookie')
  const { client: owner } = await app.signIn('cookie')
  let secret = ''
  let isFirst = true
  interfere = async (table) => {
    // The thief's has been found allowed, and is about to be written.
    if (table !== 'totp_enrolments' || !isFirst) return
    isFirst = false
    secret = (await owner.mutate<{ secret: string }>('auth.totp.enrol')).data.secret
    await owner.mutate('auth.totp.confirm', { code: app.code(secret) })
  }
  const { data } = await thief.mutate<{ secret: string }>('auth.totp.enrol')
  app.wait(30)
  const answer = await thief.mutate('auth.totp.confirm', { code: app.code(data.secret) })
  expect(answer).toMatchObject({ status: 403, kind: 'StepUpRequired', error: { factor: 'mfa' } })
  const { client, challenge } = await app.signIn('cookie')
  expect(await client.mutate('auth.totp.verify', { challenge, code: app.code(secret) })).toMatchObject({ status: 200 })
})

test('O06: a code of whoever has an account under another’s address is worth nothing once its owner has proven it', async () => {
  const { adapter, meanwhile } = openInterference()
  const input = z.object({ name: z.string().optional() })
  const address = { email: 'ann@example.com' }
  const stranger = provider({ id: 'first', type: 'webauthn', input, begin: () => ({ create: address }) })
  const proof = provider({ id: 'mail', type: 'email', input, begin: () => ({ ...address, create: address }) })
  const keys = definePlugin({
    id: 'keys',
    setup: () => ({ providers: [stranger], ways: { list: () => [], removeAll: async () => {} } }),
  })
  const store = { adapter, dump: async () => null, close: async () => {} }
  const app = await openApp({ store, providers: [proof], plugins: [keys, totp()] })
  const { client: eve, secret } = await app.enrolled('cookie')
  const ann = app.client('cookie')
  // The code was right.
  const proved = meanwhile('adapter.getUser', () => ann.mutate('auth.signIn', { provider: 'mail' }), {
    after: 'totp_secrets.update',
  })
  expect(await eve.mutate('auth.totp.stepUp', { code: app.code(secret) })).toMatchObject({ kind: 'SessionRevoked' })
  expect(await proved()).toMatchObject({ status: 200 })
  expect([await eve.whoAmI(), await ann.whoAmI()]).toEqual([null, expect.any(String)])
})
