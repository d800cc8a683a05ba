import { describe, expect, test } from 'vitest'
import { createTokenStore, type Tokens } from '../src/index.ts'
import { openApp } from './support/app.ts'
import { openClient } from './support/clients.ts'
import { signIn } from './support/session.ts'

const TOKENS: Tokens = { sessionId: 's', accessToken: 'a', refreshToken: 'r', expires: 1, lifetime: 900_000 }

/** As a device's secure storage is: slow, and with promises for everything. */
function slowStorage() {
  const items = new Map<string, string>()
  const later = async <T>(value: T): Promise<T> => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return value
  }
  return {
    items,
    getItem: (key: string) => later(items.get(key) ?? null),
    setItem: (key: string, value: string) => later(items.set(key, value)),
    removeItem: (key: string) => later(items.delete(key)),
  }
}

describe.each([
  ['memory', () => createTokenStore()],
  ['a storage', () => createTokenStore({ storage: slowStorage() })],
])('%s', (_, open) => {
  test('begins empty, keeps what it is given, and forgets it', async () => {
    const store = open()
    expect(await store.read()).toBeNull()
    await store.write(TOKENS)
    expect(await store.read()).toEqual(TOKENS)
    await store.write(null)
    expect(await store.read()).toBeNull()
  })
})

test('memory is this client’s own: no name to share it by', () => {
  expect(createTokenStore().shared).toBeUndefined()
})

test('a storage keeps them under the key it is told', async () => {
  const storage = slowStorage()
  await createTokenStore({ storage, key: 'mine' }).write(TOKENS)
  expect([...storage.items.keys()]).toEqual(['mine'])
})

describe('what is no token response of ours is none', () => {
  const texts = [
    '',
    'null',
    '7',
    '[]',
    '{}',
    '"text"',
    '{"accessToken":1}',
    '{broken',
    JSON.stringify({ ...TOKENS, expires: 'soon' }),
  ]
  test('first, an accepted one', async () => {
    const storage = slowStorage()
    storage.items.set('latchkey.tokens', JSON.stringify(TOKENS))
    expect(await createTokenStore({ storage }).read()).toEqual(TOKENS)
  })

  test.each(texts)('%j', async (text) => {
    const storage = slowStorage()
    storage.items.set('latchkey.tokens', text)
    expect(await createTokenStore({ storage }).read()).toBeNull()
  })
})

test('a client finds the session that another left in the storage', async () => {
  const app = await openApp()
  const storage = slowStorage()
  await signIn(openClient(app, 'httpLink', { tokens: createTokenStore({ storage }) }).trpc)
  const { trpc } = openClient(app, 'httpLink', { tokens: createTokenStore({ storage }) })
  await expect(trpc.mine.query()).resolves.toBe('ann')
})

test('a storage that fails fails the call, and signs nobody out', async () => {
  const app = await openApp()
  const storage = slowStorage()
  await signIn(openClient(app, 'httpLink', { tokens: createTokenStore({ storage }) }).trpc)
  let isLocked = true
  const locked = {
    ...storage,
    getItem: (key: string) => {
      if (isLocked) throw new Error('The keychain is locked.')
      return storage.getItem(key)
    },
  }
  const { trpc } = openClient(app, 'httpLink', { tokens: createTokenStore({ storage: locked }) })
  await expect(trpc.mine.query()).rejects.toThrow('The keychain is locked.')
  isLocked = false
  await expect(trpc.mine.query()).resolves.toBe('ann')
})
