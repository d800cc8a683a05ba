import { afterEach, describe, expect, test } from 'vitest'
import { listStores } from '../../../test/support/stores.ts'
import { memoryAdapter } from '@latchkey/core'
import { describeWith } from '../../kysely/test/services.ts'
import { oauth, oidc } from '../src/index.ts'
import { tables } from '../src/tables.ts'
import { getAccess } from './support/access.ts'
import { CLIENT } from './support/real-provider.ts'
import { openScene, type Scene, type SceneOptions } from './support/scene.ts'

let scene: Scene
afterEach(() => scene.stop())

const plugins = [oauth([oidc({ id: 'op', issuer: 'https://op.test', ...CLIENT })])]
const HOUR = 3_600

const open = async (options: SceneOptions = {}) => (scene = await openScene({ now: Date.now(), ...options }))

/** Signs somebody in. @returns what is asked for their token with */
async function signIn() {
  const ann = scene.person()
  expect((await ann.signIn()).kind).toBeNull()
  return { userId: (await ann.client.whoAmI()) ?? '', provider: 'op' }
}

const countRefreshes = () => scene.op.requests.filter((request) => request === 'POST /token').length - 1

for (const { name, service, open: openStore } of await listStores(plugins)) {
  const suite = () => {
    test('they are kept encrypted, and serve the server’s own calls', async () => {
      const store = await openStore()
      try {
        const { app, op } = await open({ adapter: store.adapter })
        const query = await signIn()
        const access = await getAccess(app, query)
        expect(access.scopes.toSorted()).toEqual(['email', 'openid', 'profile'])
        expect(access.expires?.getTime()).toBeGreaterThan(Date.now())
        const response = await fetch(`${op.issuer}/me`, { headers: { authorization: `Bearer ${access.accessToken}` } })
        expect(await response.json()).toMatchObject({ sub: 'ann' })
        const { params } = app.told.find((one) => one.name === 'signIn') ?? {}
        const { access_token, refresh_token, id_token } = (params?.account ?? {}) as Record<string, string> // what O5 shows
        const tables = ['oauth_tokens', 'oauth_flows', 'oauth_codes', 'accounts']
        const dump = (await Promise.all(tables.map((table) => store.dump(table)))).join()
        for (const token of [access_token, refresh_token, id_token]) {
          expect(token).toBeTypeOf('string')
          expect(dump).not.toContain(token)
        }
      } finally {
        await store.close()
      }
    })

    test('of many calls at once, in several instances, one refreshes, and what the provider rotates is kept', async () => {
      const store = await openStore()
      try {
        const { app } = await open({ adapter: store.adapter })
        const query = await signIn()
        const other = await scene.again()
        const instances = [app, other]
        let last = await getAccess(app, query)
        for (let round = 1; round <= 3; round++) {
          for (const instance of instances) instance.wait(HOUR)
          const calls = Array.from({ length: 5 }, () => instances.map((instance) => getAccess(instance, query))).flat()
          const all = await Promise.all(calls)
          expect(new Set(all.map(({ accessToken }) => accessToken)).size).toBe(1)
          expect(all[0]?.accessToken).not.toBe(last.accessToken)
          expect(countRefreshes()).toBe(round)
          last = all[0] ?? last
        }
      } finally {
        await store.close()
      }
    })
  }
  if (service) describeWith(service, `tokens of providers on ${name}`, suite)
  else describe(`tokens of providers on ${name}`, suite)
}

describe('the person is asked again', () => {
  test('if they have no such account, or have unlinked it', async () => {
    const adapter = memoryAdapter()
    const { app } = await open({ adapter })
    const query = await signIn()
    await expect(getAccess(app, { ...query, userId: 'nobody' })).rejects.toMatchObject({ kind: 'ProviderTokenMissing' })
    await expect(getAccess(app, { ...query, provider: 'none' })).rejects.toMatchObject({ kind: 'InvalidInput' })
    await getAccess(app, query)
    await adapter.unlinkAccount({ provider: 'op', providerAccountId: 'ann' })
    await expect(getAccess(app, query)).rejects.toMatchObject({ kind: 'ProviderTokenMissing' })
  })

  test('if the provider takes the refresh token no longer, and never again without them', async () => {
    const { app, op } = await open()
    const query = await signIn()
    app.wait(HOUR)
    op.forget()
    for (let round = 0; round < 3; round++)
      await expect(getAccess(app, query)).rejects.toMatchObject({ kind: 'ProviderTokenExpired' })
    expect(countRefreshes()).toBe(1)
    await signIn()
    expect((await getAccess(app, query)).accessToken).toBeTypeOf('string')
  })

  test('if the secret that the tokens were sealed with is gone', async () => {
    const adapter = memoryAdapter()
    const { app } = await open({ adapter })
    const query = await signIn()
    const table = adapter.table('oauth_tokens', tables.tokens)
    const [row] = await table.list({ limit: 1 })
    const other = await scene.again({ secret: 'another secret, as long as it must be' })
    await expect(getAccess(other, query)).rejects.toMatchObject({ kind: 'ProviderTokenExpired' })
    for (const sealed of [[], ['changed'], [...(row?.sealed ?? []), ...(row?.sealed ?? [])]]) {
      await table.update({ user: query.userId }, { sealed })
      await expect(getAccess(app, query)).rejects.toMatchObject({ kind: 'ProviderTokenExpired' })
    }
  })

  test('if somebody who writes to the store has copied the tokens of another person', async () => {
    const adapter = memoryAdapter()
    const { app } = await open({ adapter })
    const query = await signIn()
    const table = adapter.table('oauth_tokens', tables.tokens)
    const [row] = await table.list({ where: { user: query.userId }, limit: 1 })
    await adapter.createUser({ id: 'bob', email: 'bob@example.test', emailVerified: null })
    await adapter.linkAccount({ userId: 'bob', type: 'oidc', provider: 'op', providerAccountId: 'bob' })
    if (row) await table.insert({ ...row, user: 'bob', subject: 'bob' })
    await expect(getAccess(app, { ...query, userId: 'bob' })).rejects.toMatchObject({ kind: 'ProviderTokenExpired' })
  })
})

test('a provider that is down is not the person’s fault, and a token that still works serves', async () => {
  const { app, op } = await open()
  const query = await signIn()
  op.down = true
  app.wait(HOUR - 30)
  expect((await getAccess(app, query)).accessToken).toBeTypeOf('string')
  app.wait(60)
  await expect(getAccess(app, query)).rejects.toMatchObject({ kind: 'OAuthUnavailable' })
  op.down = false
  expect((await getAccess(app, query)).accessToken).toBeTypeOf('string')
})

test('nothing is kept if the app wants nothing kept', async () => {
  const { app } = await open({ oauth: { storeTokens: false } })
  await expect(getAccess(app, await signIn())).rejects.toMatchObject({ kind: 'ProviderTokenMissing' })
})

test('a provider that hands out a refresh token once keeps its access', async () => {
  let isFirst = true
  const { app } = await open({ op: { more: { issueRefreshToken: async () => isFirst } } })
  const query = await signIn()
  isFirst = false
  await signIn()
  app.wait(HOUR)
  isFirst = true
  expect((await getAccess(app, query)).accessToken).toBeTypeOf('string')
})
