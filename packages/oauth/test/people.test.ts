import { memoryAdapter } from '@latchkey/core'
import { afterEach, describe, expect, test } from 'vitest'
import { oauth2, oidc } from '../src/index.ts'
import { type Against, openAgainst } from './support/against.ts'
import { startRealProvider } from './support/real-provider.ts'
import { CLIENT } from './support/real-provider.ts'
import { openScene, type Scene } from './support/scene.ts'
import { SECRET } from './support/scripted-provider.ts'

let open: Scene | Against
afterEach(() => open.stop())

test('O07 the same sub at two providers is two people', async () => {
  const second = await startRealProvider({ people: [{ sub: 'ann', name: 'Another Ann', email: 'other@example.test' }] })
  try {
    open = await openScene({
      entries: (issuer) => [
        oidc({ id: 'op', issuer, ...CLIENT }),
        oidc({ id: 'second', issuer: second.issuer, ...CLIENT }),
      ],
    })
    second.register([`${open.app.origin}/auth/callback/second`])
    const [ann, other] = [open.person(), open.person()]
    expect((await ann.signIn()).kind).toBeNull()
    expect((await other.signIn({ provider: 'second' })).kind).toBeNull()
    expect(await ann.client.whoAmI()).not.toBe(await other.client.whoAmI())
    expect((await other.client.query('auth.session')).data).toMatchObject({ user: { name: 'Another Ann' } })
  } finally {
    await second.stop()
  }
})

test('O07 a person who changes their address at the provider stays the same user', async () => {
  open = await openScene()
  const [first, second] = [open.person(), open.person()]
  await first.signIn()
  const [ann] = open.op.people
  if (ann) ann.email = 'new@example.test'
  expect((await second.signIn()).kind).toBeNull()
  expect(await second.client.whoAmI()).toBe(await first.client.whoAmI())
})

describe('O7 an address counts as verified only if', () => {
  test.each([
    ['the provider says so, and is trusted to', { trustEmail: true }, true, true],
    ['the provider says so, and nobody trusts it', {}, true, false],
    ['the provider is trusted, and says no', { trustEmail: true }, false, false],
    ['the provider is trusted, and says it as a text', { trustEmail: true }, 'true', false],
  ])('%s', async (_, entry, said, isVerified) => {
    const adapter = memoryAdapter()
    open = await openAgainst({ claims: (claims) => ({ ...claims, email_verified: said }) }, { entry, adapter })
    expect((await open.signIn()).kind).toBeNull()
    const row = await adapter.getUserByEmail('ann@example.test')
    expect(row?.emailVerified instanceof Date).toBe(isVerified)
  })
})

test('an address is kept in one form, and what is none isn’t kept', async () => {
  const adapter = memoryAdapter()
  open = await openAgainst({ claims: (claims) => ({ ...claims, email: 'Ann@EXAMPLE.test' }) }, { adapter })
  await open.signIn()
  expect(await adapter.getUserByEmail('ann@example.test')).not.toBeNull()
  open.op.script = { claims: (claims) => ({ ...claims, sub: 'bob', email: '"<b>"@example.test, eve@evil.test' }) }
  expect((await open.signIn()).kind).toBeNull()
})

describe('amr of the session', () => {
  const told = () =>
    open.app.told.flatMap(({ name, params }) => (name === 'jwt' ? [(params.token as { amr?: unknown }).amr] : []))

  test.each([
    ['is of a federation, whatever the provider says', {}, ['fed']],
    ['is what the provider says, too, if the app trusts it to', { trustAmr: true }, ['fed', 'pwd', 'mfa']],
  ])('%s', async (_, entry, amr) => {
    open = await openAgainst(
      { claims: (claims) => ({ ...claims, amr: ['pwd', 'mfa', 'no name', 17] }) },
      { entry, strategy: 'jwt' },
    )
    await open.signIn()
    expect(told()).toEqual([amr])
  })
})

describe('a provider of plain OAuth 2', () => {
  const plain = (issuer: string, more: object = {}) =>
    oauth2({
      id: 'plain',
      clientId: 'app',
      clientSecret: SECRET,
      authorization: `${issuer}/authorize?tenant=1`,
      token: `${issuer}/token`,
      userinfo: `${issuer}/userinfo`,
      scope: 'read',
      quirks: { ignoreIdToken: true },
      profile: ({ sub, name }: { sub: string; name: string }) => ({ id: sub, name }),
      ...more,
    })

  test('signs in with the JSON of its user endpoint', async () => {
    open = await openAgainst({}, { others: (issuer) => [plain(issuer)] })
    const ann = open.person()
    const start = await ann.begin({ provider: 'plain' })
    expect([...start.searchParams.keys()].toSorted()).toEqual([
      'client_id',
      'code_challenge',
      'code_challenge_method',
      'redirect_uri',
      'response_type',
      'scope',
      'state',
      'tenant',
    ])
    expect((await ann.signIn({ provider: 'plain' })).kind).toBeNull()
    expect((await ann.client.query('auth.session')).data).toMatchObject({ user: { name: 'Ann' } })
  })

  test('a function puts the profile together, with the access token', async () => {
    const seen: string[] = []
    open = await openAgainst(
      {},
      {
        others: (issuer) => [
          plain(issuer, {
            userinfo: async ({ fetchJson }: { fetchJson: (url: string) => Promise<unknown> }) => {
              seen.push(JSON.stringify(await fetchJson(`${issuer}/userinfo`)))
              return { sub: '17', name: 'Seventeen' }
            },
          }),
        ],
      },
    )
    const ann = open.person()
    expect((await ann.signIn({ provider: 'plain' })).kind).toBeNull()
    expect((await ann.client.query('auth.session')).data).toMatchObject({ user: { name: 'Seventeen' } })
    expect(seen).toHaveLength(1)
  })

  test.each([
    ['without an id', { profile: () => ({ name: 'Nobody' }) }],
    ['with an empty id', { profile: () => ({ id: '' }) }],
    ['with an id that is no number', { profile: () => ({ id: Number.NaN }) }],
    ['that is a list', { userinfo: async () => [] }],
    ['that fails', { userinfo: () => Promise.reject(new Error('no profile today')) }],
  ])('a profile %s signs nobody in', async (_, more) => {
    open = await openAgainst({}, { others: (issuer) => [plain(issuer, more)] })
    const ann = open.person()
    expect((await ann.signIn({ provider: 'plain' })).kind).toBe('OAuthCallbackError')
    expect(await ann.client.whoAmI()).toBeNull()
  })
})
