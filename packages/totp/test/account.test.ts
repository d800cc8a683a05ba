import { createAuth, memoryAdapter } from '@latchkey/core'
import { expect, test } from 'vitest'
import { openMemory } from '../../../test/support/stores.ts'
import { totp } from '../src/index.ts'
import { openApp } from './support/app.ts'

test('a deleted user leaves nothing behind', async () => {
  const store = await openMemory()
  const app = await openApp({ store })
  const { client } = await app.enrolled('cookie')
  await app.auth.deleteUser('ann')
  expect((await client.query('guarded')).kind).not.toBeNull()
  expect((await app.signIn('cookie')).challenge).toBe('')
})

test('account.export says that there is a second factor, and nothing that lets anybody in', async () => {
  const app = await openApp()
  const { client, secret, backupCodes } = await app.enrolled('cookie')
  const { data, text } = await client.query<Record<string, unknown>>('auth.account.export')
  expect(data.plugins).toEqual({ totp: { enabled: true, since: expect.any(String), backupCodes: 10 } })
  for (const hidden of [secret, ...backupCodes]) expect(text).not.toContain(hidden)
})

test('the URI is what authenticator apps read', async () => {
  const app = await openApp({ totp: { issuer: 'Acme: Co' } })
  const { client } = await app.signIn('cookie')
  const { uri, secret } = (await client.mutate<{ uri: string; secret: string }>('auth.totp.enrol')).data
  const url = new URL(uri)
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  expect(Object.fromEntries(url.searchParams)).toEqual({
    issuer: 'Acme: Co',
    secret,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
  expect(decodeURIComponent(url.pathname)).toContain('ann@example.com')
})

test('what begins and is not confirmed within an hour must begin again', async () => {
  const app = await openApp()
  const { client } = await app.signIn('cookie')
  const confirm = (code: string) => client.mutate('auth.totp.confirm', { code })
  expect((await confirm('000000')).kind).toBe('TotpNotEnrolled')
  const { secret } = (await client.mutate<{ secret: string }>('auth.totp.enrol')).data
  expect((await confirm('000000')).kind).toBe('CredentialsSignin')
  app.wait(3_600)
  expect((await confirm(app.code(secret))).kind).toBe('TotpNotEnrolled')
})

test.each([
  { option: 'issuer', options: { issuer: ' ' } },
  { option: 'remember', options: { remember: 'soon' as '1d' } },
  { option: 'remember', options: { remember: 0 } },
])('refuses the option $option: $options', ({ option, options }) => {
  expect(() =>
    createAuth({ secret: 'x'.repeat(32), adapter: memoryAdapter(), providers: [], plugins: [totp(options)] }),
  ).toThrow(expect.objectContaining({ kind: 'Configuration', message: expect.stringContaining(`totp.${option}`) }))
})
