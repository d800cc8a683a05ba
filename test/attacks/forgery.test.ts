import { apiKeys } from '@latchkey/api-keys'
import { credentials } from '@latchkey/core'
import { changeEmail, emailCode, magicLink } from '@latchkey/email'
import { oauth, oidc } from '@latchkey/oauth'
import { passkey } from '@latchkey/passkey'
import { password } from '@latchkey/password'
import { totp } from '@latchkey/totp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startApp, type TestApp } from '../support/app.ts'
import type { Client } from '../support/client.ts'
import { openMemory } from '../support/stores.ts'

const MUTATIONS = (
  'signOut oauth.link oauth.confirmLink oauth.exchange magicLink.confirm account.changeEmail account.confirmEmail account.delete ' +
  'accounts.unlink password.signUp password.verifyEmail password.change password.set password.forgot password.reset ' +
  'passkey.signInOptions passkey.registerOptions passkey.register passkey.rename passkey.remove totp.enrol totp.confirm totp.disable ' +
  'totp.regenerateBackupCodes totp.verify totp.useBackupCode totp.stepUp apiKey.create apiKey.revoke'
).split(' ')

const name = credentials({
  id: 'name',
  input: z.object({ id: z.string() }),
  identify: ({ id }) => id,
  authorize: ({ id }) => ({ id, email: `${id}@example.com` }),
})

let app: TestApp
let bob: Client
beforeAll(async () => {
  const send = async () => {}
  const { adapter } = await openMemory()
  const plugins = [
    oauth([oidc({ id: 'op', issuer: 'http://127.0.0.1:9', clientId: 'app', clientSecret: 'secret' })]),
    ...[emailCode({ send }), magicLink({ send }), changeEmail({ send }), password({ send }), passkey(), totp()],
    apiKeys({ scopes: ['all'] }),
  ]
  app = await startApp({ adapter, providers: [name], plugins })
  bob = app.client('cookie')
  await bob.mutate('auth.signIn', { provider: 'name', id: 'bob' })
})
afterAll(() => app.stop())

const json = 'application/json'
const REQUESTS: readonly { what: string; init: RequestInit }[] = [
  { what: 'of another site', init: { headers: { 'content-type': json, origin: 'https://evil.example' }, body: '{}' } },
  { what: 'of a page without an origin', init: { headers: { 'content-type': json, origin: 'null' }, body: '{}' } },
  {
    what: 'of another host of the site',
    init: { headers: { 'content-type': json, 'sec-fetch-site': 'same-site' }, body: '{}' },
  },
  { what: 'as text', init: { headers: { 'content-type': 'text/plain' }, body: '{}' } },
  { what: 'as a form', init: { headers: { origin: 'https://evil.example' }, body: new FormData() } },
  { what: 'by GET', init: { method: 'GET' } },
]

describe.each(MUTATIONS)('T02 T03 %s', (path) => {
  test.each(REQUESTS)('is refused $what', async ({ init }) => {
    for (const url of [`/trpc/auth.${path}`, `/auth/${path.replace('.', '/')}`]) {
      const response = await bob.fetch(url, { method: 'POST', ...init })
      expect([403, 404, 405, 415]).toContain(response.status)
      expect(response.headers.getSetCookie()).toEqual([])
    }
    expect(await bob.whoAmI()).toBe('bob')
  })
})

test('T02 the same calls of the app’s own page are no forgeries', async () => {
  for (const path of MUTATIONS.filter((one) => !['signOut', 'account.delete'].includes(one))) {
    const { status, kind } = await bob.mutate(`auth.${path}`)
    expect([path, status, kind]).not.toContain('UntrustedOrigin')
    expect([path, status]).not.toEqual([path, 404])
  }
})
