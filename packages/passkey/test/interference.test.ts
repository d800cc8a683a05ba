import { type Adapter, provider, type TableStore } from '@latchkey/core'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type AppOptions, startApp, type TestApp } from '../../../test/support/app.ts'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { passkey, type PasskeyInfo, type RegistrationOptions } from '../src/index.ts'
import { createAuthenticator } from './support/authenticator.ts'
import { ask, createOwner, register, signIn, startPasskeyApp } from './support/people.ts'
import { type Interfere, interferingAdapter, openInterference } from '../../../test/support/interfering.ts'

describeEachWay(({ flow, strategy }) => {
  let app: TestApp
  let interfere: Interfere = async () => {}
  const adapter = () => interferingAdapter((table, method) => interfere(table, method))
  const fail: Interfere = async (table, method) => {
    throw new Error(`the database is gone: ${table}.${method}`)
  }

  afterEach(async () => {
    interfere = async () => {}
    await app?.stop()
  })

  describe('a database that fails in the middle', () => {
    test.each(['passkeys.get', 'handles.get', 'spent.insert', 'passkeys.update'])(
      'at %s: the sign-in fails as a failure of the server, and nobody is signed in',
      async (where) => {
        app = await startPasskeyApp({ adapter: adapter(), strategy })
        const { device, id } = await createOwner(app, flow)
        const client = app.client(flow)
        interfere = (table, method) =>
          `passkey_${where}` === `${table}.${method}` ? fail(table, method) : Promise.resolve()
        const { options, handle } = await ask(client)
        const input = { provider: 'passkey', response: device.get(options), ...handle }
        const answer = await client.mutate('auth.signIn', input)
        expect(answer).toMatchObject({ status: 503, kind: 'AdapterError' })
        expect(answer.text).not.toContain('the database is gone')
        expect(await client.whoAmI()).toBeNull()
        interfere = async () => {}
        // Until the challenge is spent the same response will do.
        const again = await client.mutate('auth.signIn', input)
        expect(again.kind).toBe(where === 'passkeys.update' ? 'PasskeyChallengeExpired' : null)
        await signIn(client, device)
        expect(await client.whoAmI()).toBe(id)
      },
    )

    test('signing in without an address begins without the database', async () => {
      app = await startPasskeyApp({ adapter: adapter(), strategy })
      interfere = fail
      expect(await app.client(flow).mutate('auth.passkey.signInOptions')).toMatchObject({ status: 200 })
      const named = await app.client(flow).mutate('auth.passkey.signInOptions', { email: 'ann@example.com' })
      expect(named).toMatchObject({ status: 503, kind: 'AdapterError' })
    })

    test('a registration or a removal fails, and changes nothing', async () => {
      app = await startPasskeyApp({ adapter: adapter(), strategy })
      const person = await createOwner(app, flow)
      const { data } = await person.client.mutate<RegistrationOptions>('auth.passkey.registerOptions')
      const response = person.device.create(data)
      interfere = async (table, method) => (method === 'insert' || method === 'take' ? fail(table, method) : undefined)
      expect(await person.client.mutate('auth.passkey.register', { response })).toMatchObject({ kind: 'AdapterError' })
      interfere = async () => {}
      expect(await person.client.mutate('auth.passkey.register', { response })).toMatchObject({ status: 200 })
      interfere = async (table, method) => (method === 'take' ? fail(table, method) : undefined)
      const removed = await person.client.mutate('auth.passkey.remove', { id: person.passkey.id })
      expect(removed).toMatchObject({ status: 503, kind: 'AdapterError' })
      interfere = async () => {}
      expect((await person.client.query<PasskeyInfo[]>('auth.passkey.list')).data).toHaveLength(2)
    })
  })

  test.each([null, new Date()])(
    'of two passkeys that are removed at the same moment one stays, if there is no other way in: verified %j',
    async (emailVerified) => {
      const own = adapter()
      app = await startPasskeyApp({ adapter: own, strategy })
      const { client, device, id, passkey: first } = await createOwner(app, flow)
      await own.updateUser({ id, email: 'ann@example.com', emailVerified })
      const second = (await register({ client, device })).data
      const remove = (passkeyId: string) => client.mutate('auth.passkey.remove', { id: passkeyId })
      let other: ReturnType<typeof remove> | undefined
      interfere = async (table, method) => {
        // The first has been found removable, and is about to go.
        if (`${table}.${method}` !== 'passkey_passkeys.take' || other) return
        other = remove(second.id)
        // It may have to wait until the first has gone.
        await Promise.race([other, new Promise((resolve) => setTimeout(resolve, 300))])
      }
      const answers = [await remove(first.id), await other]
      expect(answers.map((answer) => answer?.kind)).toContain('LastWayIn')
      expect(answers).toContainEqual(expect.objectContaining({ data: { removed: true } }))
      expect((await client.query<PasskeyInfo[]>('auth.passkey.list')).data).toHaveLength(1)
    },
  )

  describe('O06: a passkey in an account whose address was never proven', () => {
    /** Whoever has shown that mail reaches them. */
    const proven = provider({
      id: 'mail',
      type: 'email',
      input: z.object({ email: z.string() }),
      begin: ({ email }) => ({ email, create: { email } }),
    })
    /** Whoever says so has an account, with an address that nobody proved. */
    const claimed = provider({
      id: 'claim',
      type: 'email',
      input: z.object({ email: z.string() }),
      begin: ({ email }) => ({ create: { email } }),
    })
    const start = async (options: Partial<AppOptions> = {}, own: Adapter & TableStore = adapter()) => {
      app = await startApp({ adapter: own, strategy, plugins: [passkey()], providers: [proven, claimed], ...options })
      const thief = { client: app.client(flow), device: createAuthenticator({ origin: app.origin }) }
      await thief.client.mutate('auth.signIn', { provider: 'claim', email: 'ann@example.com' })
      const owner = app.client(flow)
      const prove = () => owner.mutate('auth.signIn', { provider: 'mail', email: 'ann@example.com' })
      return { thief, owner, prove }
    }

    test('is gone when the owner of the address proves it', async () => {
      const { thief, owner, prove } = await start()
      expect(await register(thief)).toMatchObject({ status: 200 })
      expect(await prove()).toMatchObject({ status: 200 })
      expect(await thief.client.whoAmI()).toBeNull()
      expect(await signIn(app.client(flow), thief.device)).toMatchObject({ kind: 'CredentialsSignin' })
      expect(await owner.query('auth.passkey.list')).toMatchObject({ data: [] })
    })

    test('is gone as well if it is being registered at that very moment', async () => {
      const { thief, owner, prove } = await start()
      const { data } = await thief.client.mutate<RegistrationOptions>('auth.passkey.registerOptions')
      let isFirst = true
      let proving: Promise<unknown> = Promise.resolve()
      interfere = async (table, method) => {
        if (`${table}.${method}` !== 'passkey_passkeys.insert' || !isFirst) return
        isFirst = false
        proving = prove()
        // It may have to wait until the write is done.
        await Promise.race([proving, new Promise((resolve) => setTimeout(resolve, 300))])
      }
      await thief.client.mutate('auth.passkey.register', { response: thief.device.create(data) })
      await proving
      expect(await owner.whoAmI()).not.toBeNull()
      expect(await owner.query('auth.passkey.list')).toMatchObject({ data: [] })
      expect(await signIn(app.client(flow), thief.device)).toMatchObject({ kind: 'CredentialsSignin' })
    })

    test('signs nobody in if it is used at that very moment', async () => {
      const { adapter: own, meanwhile } = openInterference()
      const { thief, owner, prove } = await start({}, own)
      await register(thief)
      await thief.client.mutate('auth.signOut')
      // It has been found to be the account's.
      const proved = meanwhile('adapter.getUser', prove, { after: 'passkey_passkeys.update' })
      expect(await signIn(thief.client, thief.device)).toMatchObject({ status: 401, kind: 'SessionRevoked' })
      expect(await proved()).toMatchObject({ status: 200 })
      expect([await thief.client.whoAmI(), await owner.whoAmI()]).toEqual([null, expect.any(String)])
    })

    test('doesn’t come back as the last one if it is being removed at that very moment', async () => {
      const { thief, owner, prove } = await start()
      const { data: first } = await register(thief)
      await register(thief)
      let looks = 0
      let proving: Promise<unknown> = Promise.resolve()
      interfere = async (table, method) => {
        // The second look is whether another way is left, now that this one is gone.
        if (`${table}.${method}` !== 'passkey_passkeys.list' || ++looks !== 2) return
        proving = prove()
        await Promise.race([proving, new Promise((resolve) => setTimeout(resolve, 300))])
      }
      await thief.client.mutate('auth.passkey.remove', { id: first.id })
      expect(looks).toBeGreaterThan(1)
      await proving
      expect(await owner.whoAmI()).not.toBeNull()
      expect(await owner.query('auth.passkey.list')).toMatchObject({ data: [] })
    })
  })
})
