import type { User } from '@latchkey/core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { describeWith } from '../../kysely/test/services.ts'
import type { TestApp } from '../../../test/support/app.ts'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { listStores, type OpenStore } from '../../../test/support/stores.ts'
import { passkey } from '../src/index.ts'
import { createOwner, type PasskeyAppOptions, signIn, startPasskeyApp } from './support/people.ts'
import { secondFactor } from './support/second-factor.ts'

for (const { name, service, open } of await listStores([passkey()])) {
  const suite = () => describeSignIn(open)
  if (service) describeWith(service, `passkeys on ${name}`, suite)
  else describe(`passkeys on ${name}`, suite)
}

function describeSignIn(open: () => Promise<OpenStore>): void {
  let store: OpenStore
  const apps: TestApp[] = []

  beforeAll(async () => void (store = await open()))
  afterAll(() => store?.close())
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.stop()
  })

  describeEachWay(({ flow, strategy }) => {
    const start = async (options: Omit<PasskeyAppOptions, 'adapter'> = {}) => {
      const app = await startPasskeyApp({ adapter: store.adapter, strategy, ...options })
      apps.push(app)
      return app
    }
    const signedIn = flow === 'cookie' ? 'signedIn' : 'tokens'

    test('somebody registers a passkey, and signs in with it with and without their address', async () => {
      const app = await start()
      const { id, email, device } = await createOwner(app, flow)
      for (const how of [{}, { email }, { email: ` ${email.toUpperCase()}` }]) {
        const client = app.client(flow)
        expect(await signIn(client, device, how)).toMatchObject({ status: 200, data: { status: signedIn } })
        expect(await client.whoAmI()).toBe(id)
      }
    })

    test('O5 O6 O7 O8 O9 J5: the callbacks and events of a sign-in with a passkey, which makes and links nobody', async () => {
      const app = await start()
      const { id, email, device } = await createOwner(app, flow)
      const before = app.told.length
      await signIn(app.client(flow), device)
      const told = app.told.slice(before)
      const account = { provider: 'passkey', type: 'webauthn', providerAccountId: id }
      const params = (name: string) => told.filter((one) => one.name === name).map((one) => one.params)
      expect(params('signIn')).toMatchObject([{ user: { id, email }, account, profile: null, credentials: null }])
      expect(params('resolveUser')).toMatchObject([{ user: { id }, account, isNewUser: false }])
      // Under the database strategy jwt runs for tokens only.
      const shaped = params('jwt').filter(({ trigger }) => trigger !== 'update')
      if (strategy === 'jwt')
        expect(shaped).toMatchObject([{ trigger: 'signIn', isNewUser: false, account, profile: null }])
      expect(params('events.signIn')).toMatchObject([{ user: { id }, account, isNewUser: false }])
      expect(params('events.createUser')).toEqual([])
      expect(params('events.linkAccount')).toEqual([])
    })

    test('O5: a signIn callback that refuses leaves nobody signed in', async () => {
      const refuse = async ({ account }: { account: { provider: string } }) => account.provider !== 'passkey'
      const app = await start({ callbacks: { signIn: refuse } })
      const { device } = await createOwner(app, flow)
      const client = app.client(flow)
      expect(await signIn(client, device)).toMatchObject({ status: 403, kind: 'AccessDenied' })
      expect(await client.whoAmI()).toBeNull()
    })

    test('O6: resolveUser chooses whose session it is', async () => {
      let other: User | null = null
      const app = await start({
        callbacks: {
          resolveUser: async ({ user, account }) => (account.provider === 'passkey' ? (other ?? user) : user),
        },
      })
      const { device } = await createOwner(app, flow)
      const { id } = await createOwner(app, flow)
      other = { id }
      const client = app.client(flow)
      await signIn(client, device)
      expect(await client.whoAmI()).toBe(id)
    })

    test('O8: an event that throws is logged and stops nobody', async () => {
      const app = await start({
        events: {
          signIn: () => {
            throw new Error('the mail server is away')
          },
        },
      })
      const { device } = await createOwner(app, flow)
      expect(await signIn(app.client(flow), device)).toMatchObject({ data: { status: signedIn } })
      expect(app.log.join()).toContain('the mail server is away')
    })

    test('T7: a passkey that verified the person is no first of two steps, one that did not is', async () => {
      const app = await start({ more: [secondFactor] })
      const verifying = await createOwner(app, flow)
      expect(await signIn(app.client(flow), verifying.device)).toMatchObject({ data: { status: signedIn } })
      const touching = await createOwner(app, flow, { verifies: false })
      const client = app.client(flow)
      const answer = await signIn(client, touching.device)
      expect(answer).toMatchObject({ data: { status: 'challenge', factors: ['second'], expiresIn: 300 } })
      expect(await client.whoAmI()).toBeNull()
      const { challenge } = answer.data
      expect(await client.mutate('auth.second.verify', { challenge })).toMatchObject({ data: { status: signedIn } })
      expect(await client.whoAmI()).toBe(touching.id)
    })

    test('the session says how they signed in', async () => {
      const app = await start()
      const cases = [
        { device: {}, amr: ['swk', 'user', 'mfa'] },
        { device: { synced: false }, amr: ['hwk', 'user', 'mfa'] },
        { device: { synced: false, verifies: false }, amr: ['hwk', 'user'] },
      ]
      for (const { device: options, amr } of cases) {
        const { device } = await createOwner(app, flow, options)
        const client = app.client(flow)
        await signIn(client, device)
        expect(await client.query('guarded')).toMatchObject({ data: { amr } })
      }
    })

    test('a counter that goes on is kept; one that goes back, or stays, is refused and logged', async () => {
      const app = await start()
      const { device } = await createOwner(app, flow, { synced: false })
      const attempt = (counter: number) => signIn(app.client(flow), device, { counter })
      expect(await attempt(7)).toMatchObject({ data: { status: signedIn } })
      expect(await attempt(7)).toMatchObject({ status: 401, kind: 'CredentialsSignin' })
      expect(await attempt(6)).toMatchObject({ status: 401, kind: 'CredentialsSignin' })
      expect(await attempt(0)).toMatchObject({ status: 401, kind: 'CredentialsSignin' })
      expect(app.log.filter((line) => line.includes('went back'))).toHaveLength(3)
      expect(await attempt(4_294_967_295)).toMatchObject({ data: { status: signedIn } })
    })

    test('a response works once, of many at the same moment for one', async () => {
      const app = await start()
      const { device } = await createOwner(app, flow)
      const client = app.client(flow)
      const { data } = await client.mutate('auth.passkey.signInOptions')
      const { handle } = data
      const response = device.get(data as never) // what the operation returned
      const input = { provider: 'passkey', response, ...(handle !== undefined && { handle }) }
      const cookies = new Map(client.cookies)
      const answers = await Promise.all(
        Array.from({ length: 12 }, async () => {
          const one = app.client(flow)
          for (const [name, value] of cookies) one.cookies.set(name, value)
          return one.mutate('auth.signIn', input)
        }),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set([null, 'PasskeyChallengeExpired']))
      for (const [name, value] of cookies) client.cookies.set(name, value)
      expect(await client.mutate('auth.signIn', input)).toMatchObject({ status: 400, kind: 'PasskeyChallengeExpired' })
    })

    test('one credential that is registered by many at the same moment is registered once', async () => {
      const app = await start()
      const { client, device } = await createOwner(app, flow)
      const options = await Promise.all(Array.from({ length: 6 }, () => client.mutate('auth.passkey.registerOptions')))
      const first = device.create(options[0]?.data as never) // what the operation returned
      const { id } = first
      const answers = await Promise.all(
        options.map(({ data }, index) =>
          client.mutate('auth.passkey.register', {
            response: index === 0 ? first : device.create(data as never, { id }),
          }),
        ),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set([null, 'PasskeyTaken']))
      expect((await client.query<unknown[]>('auth.passkey.list')).data).toHaveLength(2)
    })

    test('nobody has more than maxPerUser, however many are registered at once', async () => {
      const app = await start({ passkey: { maxPerUser: 3 } })
      const { client, device } = await createOwner(app, flow)
      const options = await Promise.all(Array.from({ length: 5 }, () => client.mutate('auth.passkey.registerOptions')))
      const answers = await Promise.all(
        options.map(({ data }) => client.mutate('auth.passkey.register', { response: device.create(data as never) })),
      )
      expect(answers.map(({ kind }) => kind).filter((kind) => kind === null)).toHaveLength(2)
      expect(answers.filter(({ kind }) => kind === 'TooManyPasskeys')).toHaveLength(3)
      expect(await client.mutate('auth.passkey.registerOptions')).toMatchObject({
        status: 409,
        kind: 'TooManyPasskeys',
      })
    })
  })
}
