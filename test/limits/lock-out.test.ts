import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { attemptTables, type AnyPlugin, credentials, tableCounter } from '@latchkey/core'
import { type AppOptions, startApp, type TestApp } from '../support/app.ts'
import type { Answer, Client } from '../support/client.ts'
import { listStores, type OpenStore } from '../support/stores.ts'

const ANN = 'ann@example.com'
/** The middle of a window, in milliseconds: a table's windows begin on the clock. */
const NOON = Date.parse('2026-01-01T12:05:00Z')
const STRANGERS = Array.from({ length: 100 }, (_, index) => `198.51.100.${index}`)

const providers = [
  credentials({
    input: z.object({ email: z.string(), password: z.string() }),
    identify: ({ email }) => email,
    authorize: ({ email, password }) => (password === 'right' ? { id: email, email } : null),
  }),
]

const signIn = (client: Client, password: string): Promise<Answer> =>
  client.mutate('auth.signIn', { provider: 'credentials', email: ANN, password })

/** What the error says, in seconds. */
const retryAfter = ({ error }: Answer) => Number(error?.['retryAfter'])

const tables = [attemptTables as unknown as AnyPlugin] // tables without a setup, as `migrateToLatest` takes them

for (const { name, service, open } of await listStores(tables)) {
  describe.skipIf(name !== 'memory' && name !== 'SQLite' && service === null)(`P05 two instances on ${name}`, () => {
    for (const strategy of ['jwt', 'database'] as const) {
      describe(strategy, () => {
        let store: OpenStore
        let apps: readonly [TestApp, TestApp]
        beforeAll(async () => {
          store = await open()
          const options: AppOptions = {
            adapter: store.adapter,
            strategy,
            now: NOON,
            providers,
            limits: { counter: tableCounter(store.adapter) },
          }
          apps = [await startApp(options), await startApp(options)]
        })
        afterAll(async () => {
          for (const app of apps) await app.stop()
          await store.close()
        })
        const wait = (seconds: number) => apps.forEach((app) => app.wait(seconds))

        test('a hundred addresses guess; the owner is in at once on a known device, and soon on any other', async () => {
          const [here, there] = apps
          const known = here.client('cookie', { address: '203.0.113.7' })
          expect((await signIn(known, 'right')).status).toBe(200)

          const kinds: (string | null)[] = []
          // Ten at a time: a database that takes half a second for a count would be replaced by memory.
          for (let first = 0; first < STRANGERS.length; first += 10) {
            const ten = STRANGERS.slice(first, first + 10)
            const guesses = ten.map((address, index) =>
              signIn(apps[index % 2 ? 0 : 1].client('cookie', { address }), 'wrong'),
            )
            for (const { kind } of await Promise.all(guesses)) kinds.push(kind)
          }
          expect(kinds.filter((kind) => kind === 'CredentialsSignin')).toHaveLength(10)
          expect(kinds.filter((kind) => kind === 'RateLimited')).toHaveLength(90)
          expect((await signIn(here.client('cookie', { address: '198.51.100.100' }), 'wrong')).kind).toBe('RateLimited')

          expect((await signIn(known, 'right')).status).toBe(200)

          // Elsewhere: asked here, waited, and let in by the other instance.
          for (const flow of ['cookie', 'token'] as const) {
            const address = flow === 'cookie' ? '192.0.2.1' : '192.0.2.2'
            const refused = await signIn(here.client(flow, { address }), 'right')
            expect([refused.kind, refused.status]).toEqual(['RateLimited', 429])
            expect(retryAfter(refused)).toBeLessThanOrEqual(25)
            expect(retryAfter(refused)).toBeGreaterThan(0)
            wait(retryAfter(refused))
            expect((await signIn(there.client(flow, { address }), 'right')).status).toBe(200)
          }
        })

        test('a device that signed in at one instance is known at the other, a forged or copied cookie is only a counter', async () => {
          const [here, there] = apps
          const owner = here.client('cookie', { address: '203.0.113.8' })
          let answer = await signIn(owner, 'right')
          if (answer.kind === 'RateLimited') {
            wait(retryAfter(answer))
            answer = await signIn(owner, 'right')
          }
          expect(answer.status).toBe(200)
          const device = owner.cookies.get('latchkey.device') ?? ''

          const thief = there.client('cookie', { address: '192.0.2.66' })
          thief.cookies.set('latchkey.device', device)
          expect(await thief.whoAmI()).toBeNull()
          for (let guess = 0; guess < 10; guess++) expect((await signIn(thief, 'wrong')).kind).toBe('CredentialsSignin')
          expect((await signIn(thief, 'wrong')).kind).toBe('RateLimited')

          const forger = there.client('cookie', { address: '192.0.2.67' })
          forger.cookies.set('latchkey.device', device.replace(/.{9}$/, 'AAAAAAAAA'))
          expect((await signIn(forger, 'right')).kind).toBe('RateLimited')
        })
      })
    }
  })
}
