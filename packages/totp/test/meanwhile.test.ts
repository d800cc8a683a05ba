import { expect, test } from 'vitest'
import { type Interfere, interferingAdapter } from '../../../test/support/interfering.ts'
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
