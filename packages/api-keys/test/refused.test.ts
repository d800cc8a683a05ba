import { createAuth, memoryAdapter } from '@latchkey/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiKeys, type NewApiKey } from '../src/index.ts'
import { createSecret } from '../src/secret.ts'
import { type App, type Caller, startApp } from './support/app.ts'

describe('what is no key', () => {
  let app: App
  let person: Caller
  let made: NewApiKey

  beforeAll(async () => {
    app = await startApp({ adapter: memoryAdapter() })
    person = await app.signIn('ann')
    made = (await person.mutate<NewApiKey>('auth.apiKey.create', { name: 'ci', scopes: ['posts:read'] })).data
  })
  afterAll(() => app?.stop())

  test.each([
    ['one that nobody made', () => createSecret('lk')],
    ['a damaged one', () => `${made.key.slice(0, -1)}${made.key.endsWith('0') ? '1' : '0'}`],
    ['a part of one', () => made.key.slice(0, 20)],
    ['the prefix alone', () => 'lk_'],
    ['one with more behind it', () => `${made.key}0`],
    ['one with far more behind it', () => `${made.key}${'0'.repeat(2_000)}`],
    ['one in capitals', () => made.key.toUpperCase()],
    ['two of them', () => `${made.key}, ${made.key}`],
    ['one with a space inside', () => `${made.key.slice(0, 9)} ${made.key.slice(9)}`],
    ['one with letters of other alphabets', () => `${made.key}é`],
  ])('%s is refused, also beside a cookie that would do', async (_what, key) => {
    const cookie = await signInCookie()
    for (const headers of [{ authorization: `Bearer ${key()}` }, { 'x-api-key': key() }]) {
      expect(await app.as(headers).query('read')).toMatchObject({ status: 401, kind: 'InvalidApiKey' })
      expect(await app.as({ ...headers, cookie }).query('account')).toMatchObject({
        status: 401,
        kind: 'InvalidApiKey',
      })
    }
  })

  test('another’s bearer token and another’s x-api-key are none of ours: the cookie decides', async () => {
    const cookie = await signInCookie()
    for (const headers of [
      { authorization: 'Bearer abc.def' },
      { 'x-api-key': 'gateway-key' },
      { authorization: 'Basic bGtfOg==' },
    ]) {
      expect(await app.as({ ...headers, cookie }).query('account')).toMatchObject({ data: 'shown' })
    }
  })

  test.each([
    ['no name', { name: '  ', scopes: ['posts:read'] }],
    ['an endless name', { name: 'x'.repeat(101), scopes: ['posts:read'] }],
    ['no scope', { name: 'ci', scopes: [] }],
    ['a scope that there isn’t', { name: 'ci', scopes: ['posts:delete'] }],
    ['no duration', { name: 'ci', scopes: ['posts:read'], expiresIn: 'soon' }],
    ['a duration of nothing', { name: 'ci', scopes: ['posts:read'], expiresIn: 0 }],
    ['a duration beyond all dates', { name: 'ci', scopes: ['posts:read'], expiresIn: 1e300 }],
  ])('%s makes none', async (_what, input) => {
    expect(await person.mutate('auth.apiKey.create', input)).toMatchObject({ status: 400, kind: 'InvalidInput' })
  })

  test('nobody makes one', async () => {
    const nobody = app.as({})
    expect(await nobody.mutate('auth.apiKey.create', { name: 'ci', scopes: ['posts:read'] })).toMatchObject({
      kind: 'SessionRequired',
    })
  })

  async function signInCookie(): Promise<string> {
    const response = await app.auth.handler(
      new Request('http://app.test/auth/signin/credentials', {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: 'http://app.test' },
        body: JSON.stringify({ id: 'ann' }),
      }),
    )
    return response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
  }
})

test.each(['jwt', 'database'] as const)(
  'under the %s strategy a key is its user, and signs nobody in or out',
  async (strategy) => {
    const app = await startApp({ adapter: memoryAdapter(), strategy })
    const person = await app.signIn('ann')
    const { key } = (await person.mutate<NewApiKey>('auth.apiKey.create', { name: 'ci', scopes: ['posts:read'] })).data
    const program = app.as({ authorization: `bearer ${key}` })
    expect(await program.query('read')).toMatchObject({ data: { user: 'ann', via: 'apiKey' } })
    expect(await program.query('auth.session')).toMatchObject({ status: 200, data: null })
    expect(await program.mutate('auth.signOut')).toMatchObject({ kind: 'NotASession' })
    expect(await person.query('account')).toMatchObject({ data: 'shown' })
    await app.stop()
  },
)

test('a scope that is no longer configured grants nothing', async () => {
  const adapter = memoryAdapter()
  const before = await startApp({ adapter })
  const person = await before.signIn('ann')
  const { key } = (await person.mutate<NewApiKey>('auth.apiKey.create', { name: 'ci', scopes: ['posts:read'] })).data
  const after = await startApp({ adapter, scopes: ['posts:write'] })
  expect(await before.as({ 'x-api-key': key }).query('read')).toMatchObject({ status: 200 })
  expect(await after.as({ 'x-api-key': key }).query('read')).toMatchObject({ status: 403, kind: 'InsufficientScope' })
  await before.stop()
  await after.stop()
})

describe('options are checked at construction', () => {
  const scopes = ['posts:read'] as const
  test.each([
    ['no scopes', { scopes: [] as unknown as ['x'] }, /apiKeys\.scopes/],
    ['a prefix with an underscore', { scopes, prefix: 'my_app' }, /apiKeys\.prefix/],
    ['an empty limit', { scopes, rateLimit: { max: 0, window: '1m' } as const }, /apiKeys\.rateLimit\.max/],
    ['no keys at all', { scopes, maxPerUser: 0 }, /apiKeys\.maxPerUser/],
  ])('%s', (_what, options, says) => {
    expect(() => apiKeys(options)).toThrow(
      expect.objectContaining({ kind: 'Configuration', message: expect.stringMatching(says) }),
    )
  })

  test('a store is needed', () => {
    expect(() => createAuth({ secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa', plugins: [apiKeys({ scopes })] })).toThrow(
      /needs getUser: pass an adapter/,
    )
  })
})
