import { credentials, definePlugin, memoryAdapter } from '@latchkey/core'
import { z } from 'zod'
import { afterEach, describe, expect, test } from 'vitest'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { tables } from '../src/tables.ts'
import { NATIVE } from './support/person.ts'
import { createPkce } from './support/pkce.ts'
import { openScene, type Scene, type SceneOptions } from './support/scene.ts'

let scene: Scene
afterEach(() => scene.stop())

const byName = credentials({
  input: z.object({ id: z.string() }),
  identify: ({ id }) => id,
  authorize: ({ id }) => ({ id, email: `${id}@app.test` }),
})
/** Everybody has another way in. */
const another = definePlugin({
  id: 'another',
  setup: () => ({
    ways: { list: () => [{ id: 'one', type: 'key', name: null, createdAt: null }], removeAll: async () => {} },
  }),
})
const open = async (options?: SceneOptions) => (scene = await openScene({ providers: [byName], ...options }))

type Person = ReturnType<Scene['person']>
const enter = async (person: Person, id: string) => person.client.mutate('auth.signIn', { provider: 'credentials', id })

describeEachWay(({ flow, strategy }) => {
  /** Links the account that the person has at the provider. @returns the kind of the error, or null */
  async function link(person: Person): Promise<string | null> {
    const { codeVerifier, codeChallenge } = await createPkce()
    const more = flow === 'token' ? { codeChallenge, redirectTo: NATIVE } : { redirectTo: '/settings' }
    const { data, kind } = await person.client.mutate<{ url: string }>('auth.oauth.link', { provider: 'op', ...more })
    if (kind !== null) return kind
    const { url } = await person.go(data.url)
    const code = url.searchParams.get('code')
    if (flow === 'cookie' || code === null) return url.searchParams.get('error')
    return (await person.client.mutate('auth.oauth.confirmLink', { code, codeVerifier })).kind
  }

  test('O6 an account is linked to the person who is signed in, and signs them in from then on', async () => {
    const adapter = memoryAdapter()
    const { app, person } = await open({ strategy, adapter })
    const ann = person(flow)
    await enter(ann, 'ann')
    expect(await link(ann)).toBeNull()
    expect(await ann.client.whoAmI()).toBe('ann')
    expect(await adapter.listAccounts('ann')).toMatchObject([{ provider: 'op', providerAccountId: 'ann' }])
    expect(app.told.filter(({ name }) => name === 'events.linkAccount')).toHaveLength(1)
    expect(await link(ann)).toBeNull()
    expect(app.told.filter(({ name }) => name === 'events.linkAccount')).toHaveLength(1)
    const later = person(flow)
    expect((await later.signIn()).kind).toBeNull()
    expect(await later.client.whoAmI()).toBe('ann')
  })

  test('O7 an account that is somebody else’s is not linked', async () => {
    const { person } = await open({ strategy })
    const [ann, bob] = [person(flow), person(flow)]
    await ann.signIn()
    await enter(bob, 'bob')
    expect(await link(bob)).toBe('OAuthAccountNotLinked')
    expect(await bob.client.whoAmI()).toBe('bob')
  })

  test('nothing of an account stays behind once it is unlinked', async () => {
    const adapter = memoryAdapter()
    const { person } = await open({ strategy, adapter, plugins: [another] })
    const ann = person(flow)
    await enter(ann, 'ann')
    await link(ann)
    const kept = () => adapter.table('oauth_tokens', tables.tokens).list({ where: { user: 'ann' }, limit: 10 })
    expect(await kept()).toHaveLength(1)
    const { data } = await ann.client.query<readonly { id: string }[]>('auth.accounts.list')
    expect((await ann.client.mutate('auth.accounts.unlink', { id: data[0]?.id })).kind).toBeNull()
    expect(await kept()).toEqual([])
    expect(await adapter.listAccounts('ann')).toEqual([])
  })

  test('only a person who signed in recently begins to link', async () => {
    const { app, person } = await open({ strategy, now: Date.now() })
    const ann = person(flow)
    expect(await link(ann)).toBe('SessionRequired')
    await enter(ann, 'ann')
    app.wait(11 * 60)
    expect(await link(ann)).toBe('StepUpRequired')
  })
})

describe('what was begun for one person is not ended for another', () => {
  test('in a browser whose person has changed', async () => {
    const adapter = memoryAdapter()
    const { person } = await open({ adapter })
    const ann = person()
    await enter(ann, 'ann')
    const { data } = await ann.client.mutate<{ url: string }>('auth.oauth.link', {
      provider: 'op',
      redirectTo: '/settings',
    })
    await enter(ann, 'bob')
    const { url } = await ann.go(data.url)
    expect(url.searchParams.get('error')).toBe('AccessDenied')
    expect(await adapter.listAccounts('ann')).toEqual([])
    expect(await adapter.listAccounts('bob')).toEqual([])
  })

  test('in a client that keeps tokens: the code is the person’s, and links only', async () => {
    const { person } = await open()
    const [ann, mallory] = [person('token'), person('token')]
    await enter(ann, 'ann')
    await enter(mallory, 'mallory')
    const begin = async (who: Person) => {
      const pkce = await createPkce()
      const input = { provider: 'op', redirectTo: NATIVE, codeChallenge: pkce.codeChallenge }
      const { data } = await who.client.mutate<{ url: string }>('auth.oauth.link', input)
      const { url } = await who.go(data.url)
      return { code: url.searchParams.get('code'), codeVerifier: pkce.codeVerifier }
    }
    expect((await mallory.client.mutate('auth.oauth.confirmLink', await begin(ann))).kind).toBe('OAuthCallbackError')
    expect((await ann.client.mutate('auth.oauth.exchange', await begin(ann))).kind).toBe('OAuthCallbackError')
    expect((await ann.client.mutate('auth.oauth.confirmLink', await begin(ann))).kind).toBeNull()
  })
})
