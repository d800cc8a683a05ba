import { expect, test } from 'vitest'
import { z } from 'zod'
import { type AnyProvider, definePlugin, memoryAdapter, provider, signInMutation } from '../../src/index.ts'
import { makeAuth } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'

const way = (id: string, type: 'email' | 'webauthn'): AnyProvider =>
  provider({ id, type, input: z.object({}), begin: () => ({ answer: { status: 'sent' as const } }) })

/** Signs in with an operation of a plug-in that brings these providers. @returns `account` of the signIn callback */
async function signIn(providers: readonly AnyProvider[]) {
  const accounts: unknown[] = []
  const auth = makeAuth({
    adapter: memoryAdapter(),
    callbacks: { signIn: ({ account }) => accounts.push(account) > 0 },
    plugins: [
      definePlugin({
        id: 'letter',
        setup: () => ({
          providers,
          operations: {
            confirm: signInMutation({ input: z.object({}), run: (call) => call.signIn({ mirror: { id: 'ann' } }) }),
          },
        }),
      }),
    ],
  })
  expect((await createBrowser(auth).post('/auth/letter/confirm', {})).status).toBe(200)
  return accounts
}

test('an operation signs in by the only provider of its plug-in', async () => {
  expect(await signIn([way('by-letter', 'email')])).toEqual([
    { provider: 'by-letter', type: 'email', providerAccountId: 'ann' },
  ])
})

test('of several providers, by the one with the id of the plug-in', async () => {
  expect(await signIn([way('by-letter', 'email'), way('letter', 'webauthn')])).toEqual([
    { provider: 'letter', type: 'webauthn', providerAccountId: 'ann' },
  ])
})

test('without such a provider, by the plug-in itself', async () => {
  const itself = [{ provider: 'letter', type: 'credentials', providerAccountId: 'ann' }]
  expect([await signIn([]), await signIn([way('one', 'email'), way('two', 'email')])]).toEqual([itself, itself])
})
