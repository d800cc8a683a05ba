import { definePlugin, provider } from '@latchkey/core'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { emailCode } from '../../email/src/index.ts'
import { totp } from '../src/index.ts'
import { openApp } from './support/app.ts'

test('a second factor that somebody set up under another’s address keeps its owner from nothing', async () => {
  const mails: string[] = []
  // Eve has a way in that never asked whether the address is hers.
  const key = provider({
    id: 'first',
    type: 'webauthn',
    input: z.object({ name: z.string() }),
    begin: ({ name }) => ({ mirror: { id: name, email: 'ann@example.com' } }),
  })
  const ways = { list: () => [], removeAll: async () => {} }
  const keys = definePlugin({ id: 'keys', setup: () => ({ providers: [key], ways }) })
  const plugins = [keys, totp(), emailCode({ send: ({ code }) => void mails.push(code) })]
  const app = await openApp({ providers: [], plugins })
  const { client: eve } = await app.enrolled('cookie', 'eve')

  const ann = app.client('cookie')
  const enter = (code?: string) =>
    ann.mutate('auth.signIn', { provider: 'email-code', email: 'ann@example.com', ...(code && { code }) })
  await enter()
  await vi.waitFor(() => expect(mails).toHaveLength(1))
  expect(await enter(mails[0])).toMatchObject({ kind: null, data: { status: 'signedIn' } })
  expect((await ann.query('auth.totp.status')).data).toEqual({ enabled: false, since: null, backupCodes: 0 })
  expect((await eve.query('guarded')).kind).toBe('SessionRevoked')
})
