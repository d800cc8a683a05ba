import { expect, test } from 'vitest'
import { definePlugin, memoryAdapter, mutation } from '../../src/index.ts'
import { makeAuth } from '../support/auth.ts'
import { createBrowser, readKind } from '../support/browser.ts'

const safe = definePlugin({
  id: 'safe',
  setup: () => ({
    operations: {
      open: mutation({ access: 'fresh', run: () => ({ opened: true }) }),
      knock: mutation({ access: 'session', run: () => ({ heard: true }) }),
    },
  }),
})

test('S14 a session that ended on another instance does nothing that asks for a recent sign-in, however young its token', async () => {
  const adapter = memoryAdapter()
  // Without a shared bus: this instance doesn't hear of the other's ends.
  const [here, there] = [1, 2].map(() => makeAuth({ adapter, session: { strategy: 'jwt' }, plugins: [safe] }))
  if (!here || !there) throw new Error('two instances')
  const browser = createBrowser(here)
  await browser.signIn()
  expect((await browser.post('/auth/safe/open')).status).toBe(200)
  const copy = createBrowser(there)
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  await copy.signOut()
  expect((await browser.post('/auth/safe/knock')).status).toBe(200)
  expect(await readKind(await browser.post('/auth/safe/open'))).toBe('SessionRevoked')
})
