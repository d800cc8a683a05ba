import { definePlugin, memoryAdapter, type Way } from '@latchkey/core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { describeWith } from '../../kysely/test/services.ts'
import type { TestApp } from '../../../test/support/app.ts'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { listStores, type OpenStore } from '../../../test/support/stores.ts'
import { passkey, type PasskeyInfo, type RegistrationOptions } from '../src/index.ts'
import {
  createOwner,
  createPerson,
  type PasskeyAppOptions,
  register,
  signIn,
  startPasskeyApp,
} from './support/people.ts'

/** Another way to sign in, which the people in `owners` have. */
const owners = new Set<string>()
const badge = definePlugin({
  id: 'badge',
  setup: () => ({
    ways: {
      list: async (userId: string): Promise<readonly Way[]> =>
        owners.has(userId) ? [{ id: 'badge', type: 'badge', name: null, createdAt: null }] : [],
      removeAll: async (userId: string) => void owners.delete(userId),
    },
  }),
})

for (const { name, service, open } of await listStores([passkey()])) {
  const suite = () => describeManaging(open)
  if (service) describeWith(service, `passkeys of one person on ${name}`, suite)
  else describe(`passkeys of one person on ${name}`, suite)
}

function describeManaging(open: () => Promise<OpenStore>): void {
  let store: OpenStore
  const apps: TestApp[] = []

  beforeAll(async () => void (store = await open()))
  afterAll(() => store?.close())
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.stop()
  })

  describeEachWay(({ flow, strategy }) => {
    const start = async (options: Omit<PasskeyAppOptions, 'adapter'> = {}) => {
      const app = await startPasskeyApp({ adapter: store.adapter, strategy, more: [badge], ...options })
      apps.push(app)
      return app
    }

    test('has a name, the authenticator’s unless it is given one, and says when it was used', async () => {
      const now = Date.UTC(2026, 10, 29)
      const app = await start({ now })
      const person = await createPerson(app, flow, { aaguid: 'bada5566-a7aa-401f-bd96-45619a55120d' })
      const { data } = await register(person)
      const expected = { name: '1Password', authenticator: '1Password', synced: true, backedUp: true, lastUsedAt: null }
      expect(data).toMatchObject({ ...expected, createdAt: new Date(now).toISOString() })
      app.wait(60)
      await signIn(app.client(flow), person.device, { flags: 1 | 4 | 8 })
      const { data: list } = await person.client.query<PasskeyInfo[]>('auth.passkey.list')
      expect(list).toEqual([{ ...data, backedUp: false, lastUsedAt: new Date(now + 60_000).toISOString() }])
      expect(Object.keys(data).toSorted()).toEqual(
        ['authenticator', 'backedUp', 'createdAt', 'id', 'lastUsedAt', 'name', 'synced'].toSorted(),
      )
    })

    test('several work side by side; a registration names those that a device has already', async () => {
      const app = await start()
      const person = await createPerson(app, flow)
      const names = ['Phone', ' Laptop ', 'Key']
      for (const name of names) await register(person, { name })
      const { data: list } = await person.client.query<PasskeyInfo[]>('auth.passkey.list')
      expect(list.map(({ name }) => name).toSorted()).toEqual(['Key', 'Laptop', 'Phone'])
      const { data } = await person.client.mutate<RegistrationOptions>('auth.passkey.registerOptions')
      const ids = person.device.credentials.map(({ id }) => id)
      expect(data.excludeCredentials.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
      expect(new Set(person.device.credentials.map(({ userHandle }) => userHandle)).size).toBe(1)
      for (const credential of person.device.credentials) {
        const device = { ...person.device, credentials: [credential] }
        const { options } = { options: (await app.client(flow).mutate('auth.passkey.signInOptions')).data }
        expect(options).not.toHaveProperty('allowCredentials')
        expect(await signIn(app.client(flow), { ...person.device, credentials: device.credentials })).toMatchObject({
          status: 200,
        })
      }
    })

    test('what an authenticator learns of a person is random, and the same for parallel registrations', async () => {
      const app = await start()
      const person = await createPerson(app, flow)
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => person.client.mutate<RegistrationOptions>('auth.passkey.registerOptions')),
      )
      const [handle = '', ...others] = new Set(answers.map(({ data }) => data.user.id))
      expect(others).toEqual([])
      expect(Buffer.from(handle, 'base64url')).toHaveLength(32)
      expect(new Set(answers.map(({ data }) => data.challenge)).size).toBe(6)
    })

    test('it is renamed', async () => {
      const app = await start()
      const { client, passkey: own } = await createOwner(app, flow)
      expect(await client.mutate('auth.passkey.rename', { id: own.id, name: ' My key ' })).toMatchObject({
        data: { id: own.id, name: 'My key' },
      })
      for (const name of ['', '  ', 'x'.repeat(101)])
        expect(await client.mutate('auth.passkey.rename', { id: own.id, name })).toMatchObject({ kind: 'InvalidInput' })
      expect(await client.query('auth.passkey.list')).toMatchObject({ data: [{ name: 'My key' }] })
    })

    test('it is removed, works no longer, and can be registered again', async () => {
      const app = await start()
      const person = await createOwner(app, flow)
      owners.add(person.id)
      const { client, device, passkey: own } = person
      expect(await client.mutate('auth.passkey.remove', { id: own.id })).toMatchObject({ data: { removed: true } })
      expect(await client.query('auth.passkey.list')).toMatchObject({ data: [] })
      expect(await signIn(app.client(flow), device)).toMatchObject({ status: 401, kind: 'CredentialsSignin' })
      expect(await client.mutate('auth.passkey.remove', { id: own.id })).toMatchObject({
        status: 404,
        kind: 'NotFound',
      })
      const { id = '' } = device.credentials[0] ?? {}
      expect(await register(person, { id })).toMatchObject({ status: 200 })
      expect(await signIn(app.client(flow), device)).toMatchObject({ status: 200 })
    })

    test('the last way in stays, also if all are removed at the same moment', async () => {
      const app = await start()
      const person = await createOwner(app, flow)
      const { client, device, passkey: first } = person
      expect(await client.mutate('auth.passkey.remove', { id: first.id })).toMatchObject({
        status: 409,
        kind: 'LastWayIn',
      })
      expect(await signIn(app.client(flow), device)).toMatchObject({ status: 200 })
      const second = (await register(person)).data
      const third = (await register(person)).data
      const answers = await Promise.all(
        [first, second, third].map(({ id }) => client.mutate('auth.passkey.remove', { id })),
      )
      expect(new Set(answers.map(({ kind }) => kind ?? 'LastWayIn'))).toEqual(new Set(['LastWayIn']))
      const { data: left } = await client.query<PasskeyInfo[]>('auth.passkey.list')
      expect(left.length).toBeGreaterThanOrEqual(1)
      expect(left).toHaveLength(answers.filter(({ kind }) => kind === 'LastWayIn').length)
    })

    test('Z03: nobody renames or removes another’s, or sees it', async () => {
      const app = await start()
      const { device, passkey: own } = await createOwner(app, flow)
      const thief = await createOwner(app, flow)
      owners.add(thief.id)
      for (const [operation, input] of [
        ['rename', { name: 'mine' }],
        ['remove', {}],
      ] as const) {
        const answer = await thief.client.mutate(`auth.passkey.${operation}`, { id: own.id, ...input })
        expect(answer).toMatchObject({ status: 404, kind: 'NotFound' })
      }
      expect(await thief.client.query('auth.passkey.list')).toMatchObject({ data: [{ id: thief.passkey.id }] })
      expect(await signIn(app.client(flow), device)).toMatchObject({ status: 200 })
    })

    test('a deleted person’s passkeys are gone with them', async () => {
      const app = await start()
      const { id, device } = await createOwner(app, flow)
      await app.auth.deleteUser(id)
      expect(await signIn(app.client(flow), device)).toMatchObject({ status: 401, kind: 'CredentialsSignin' })
    })
  })

  test('the store keeps no challenge', async () => {
    const app = await start0(store)
    apps.push(app)
    const person = await createOwner(app, 'cookie')
    const { data } = await person.client.mutate<RegistrationOptions>('auth.passkey.registerOptions')
    const rows = await store.dump('passkey_registrations')
    if (rows === null) return
    expect(rows).toContain(person.id)
    expect(rows).not.toContain(data.challenge)
  })
}

const start0 = ({ adapter }: OpenStore) => startPasskeyApp({ adapter })

test('an export says what there is, and nothing of keys', async () => {
  const app = await startPasskeyApp({ adapter: memoryAdapter() })
  const { client, device } = await createOwner(app, 'cookie')
  const answer = await client.query('auth.account.export')
  expect(answer).toMatchObject({ status: 200, data: { plugins: { passkey: { passkeys: [{ name: 'Passkey' }] } } } })
  expect(answer.text).not.toContain(device.credentials[0]?.id)
  await app.stop()
})
