import { credentials, memoryAdapter } from '@latchkey/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { describeEachWay, type Setting } from '../../../../test/support/each-way.ts'
import type { Client } from '../../../../test/support/client.ts'
import { describeEachStore, type Lab, type OpenLab } from './support/each-store.ts'
import { house, isVerified, newAddress } from './support/house.ts'
import { startApp } from '../../../../test/support/app.ts'

const SIGN_IN = 'auth.signIn'
const PASSWORD = 'of the attacker'

await describeEachStore('pre-account hijack', (open) => {
  describeEachWay((setting) => describeHijack(open, setting))
})

/** Somebody has registered another person's address, and waits for the owner to come. */
function describeHijack(open: OpenLab, { flow, strategy }: Setting): void {
  const prepare = async (lab: Lab) => {
    const email = newAddress()
    const attacker = lab.client(flow)
    const { kind } = await attacker.mutate('auth.house.signUp', { email, password: PASSWORD })
    expect(kind).toBeNull()
    const id = await attacker.whoAmI()
    expect(id).not.toBeNull()
    return { email, attacker, id: id ?? '' }
  }
  const prove = async (client: Client, way: 'google' | 'mail', email: string) =>
    client.mutate<{ status: string }>(
      SIGN_IN,
      way === 'mail'
        ? { provider: 'mail', email, code: 'right' }
        : { provider: 'google', sub: `sub of ${email}`, email, verified: true },
    )

  describe.each(['mail', 'google'] as const)('the owner proves the address by %s', (way) => {
    test('E05 O06 O6 of what the attacker prepared nothing is left, and the row is the owner’s', async () => {
      const lab = await open({ strategy })
      const { email, attacker, id } = await prepare(lab)
      const refreshToken = attacker.tokens?.refreshToken
      const sub = crypto.randomUUID()
      expect((await attacker.mutate('auth.house.link', { provider: 'github', sub })).kind).toBeNull()
      const { key } = (await attacker.mutate<{ key: string }>('auth.house.addKey')).data
      const readByKey = async () =>
        (await lab.client('cookie').fetch('/trpc/auth.house.caller', { headers: { 'x-key': key } })).status
      expect(await readByKey()).toBe(200)
      // The last thing: a second factor, with a sign-in that waits for it.
      expect((await attacker.mutate('auth.house.setPin')).kind).toBeNull()
      const waiting = await lab
        .client(flow)
        .mutate<{ status: string; challenge: string }>(SIGN_IN, { provider: 'password', email, password: PASSWORD })
      expect(waiting.data.status).toBe('challenge')

      const owner = lab.client(flow)
      const proved = await prove(owner, way, email)
      expect([proved.kind, proved.data?.status]).toEqual([null, flow === 'token' ? 'tokens' : 'signedIn'])
      expect(await owner.whoAmI()).toBe(id)
      const row = await lab.store.getUser(id)
      expect([isVerified(row), row?.email]).toEqual([true, email])

      expect(await attacker.whoAmI()).toBeNull()
      if (refreshToken) expect((await attacker.mutate('auth.token', { refreshToken })).kind).toBe('SessionRevoked')
      const again = { provider: 'password', email, password: PASSWORD }
      expect((await lab.client(flow).mutate(SIGN_IN, again)).kind).toBe('CredentialsSignin')
      expect(await readByKey()).toBe(401)
      const { challenge } = waiting.data
      expect((await lab.client(flow).mutate('auth.house.enterPin', { challenge })).kind).toBe('InvalidToken')
      const other = lab.client(flow)
      expect((await other.mutate(SIGN_IN, { provider: 'github', sub })).kind).toBeNull()
      expect(await other.whoAmI()).not.toBe(id)
      const kept = await lab.store.listAccounts(id)
      expect(kept.map(({ provider }) => provider)).toEqual(way === 'google' ? ['google'] : [])
      expect(await lab.store.listSessions({ userId: id, now: new Date() })).toHaveLength(1)
    })

    test('the owner comes again: nothing is removed a second time', async () => {
      const lab = await open({ strategy })
      const { email, id } = await prepare(lab)
      const [first, second] = [lab.client(flow), lab.client(flow)]
      await prove(first, way, email)
      lab.kept.passwords.set(id, 'of the owner')
      await prove(second, way, email)
      expect([await first.whoAmI(), await second.whoAmI()]).toEqual([id, id])
      const owner = { provider: 'password', email, password: 'of the owner' }
      expect((await lab.client(flow).mutate(SIGN_IN, owner)).kind).toBeNull()
    })

    test('ten proofs at the same moment: one takes over, all are in, and nothing of the owner’s goes', async () => {
      const lab = await open({ strategy })
      const { email, id, attacker } = await prepare(lab)
      let removals = 0
      lab.kept.duringRemoval = async () => void removals++
      const proofs = await Promise.all(
        Array.from({ length: 10 }, async (_, index) => {
          const client = lab.client(flow)
          const mail = { provider: 'mail', email, code: 'right', password: 'of the owner' }
          const { kind } = await (index % 2 ? prove(client, way, email) : client.mutate(SIGN_IN, mail))
          return { client, kind }
        }),
      )
      expect(proofs.map(({ kind }) => kind)).toEqual(Array(10).fill(null))
      expect(await Promise.all(proofs.map(({ client }) => client.whoAmI()))).toEqual(Array(10).fill(id))
      expect([removals, lab.kept.passwords.get(id), await attacker.whoAmI()]).toEqual([2, 'of the owner', null])
    })

    test('a session that begins while everything is removed ends too, and an address that changes is changed back', async () => {
      const lab = await open({ strategy })
      const { email, id } = await prepare(lab)
      const late = lab.client(flow)
      const stolen = newAddress()
      let rounds = 0
      lab.kept.duringRemoval = async () => {
        if (rounds++ > 0) return
        expect((await late.mutate(SIGN_IN, { provider: 'password', email, password: PASSWORD })).kind).toBeNull()
        expect((await late.mutate('auth.house.rename', { email: stolen })).kind).toBeNull()
      }
      const owner = lab.client(flow)
      expect((await prove(owner, way, email)).kind).toBeNull()
      expect(rounds).toBeGreaterThan(1)
      expect([await late.whoAmI(), await owner.whoAmI()]).toEqual([null, id])
      expect((await lab.store.getUser(id))?.email).toBe(email)
    })

    test('a password that was checked before the owner came signs nobody in afterwards', async () => {
      const lab = await open({ strategy })
      const { email, id } = await prepare(lab)
      const owner = lab.client(flow)
      lab.kept.afterCheck = async () => void (await prove(owner, way, email))
      const late = lab.client(flow)
      const result = await late.mutate(SIGN_IN, { provider: 'password', email, password: PASSWORD })
      expect([result.kind, await late.whoAmI()]).toEqual(['SessionRevoked', null])
      expect(await owner.whoAmI()).toBe(id)
      expect(await lab.store.listSessions({ userId: id, now: new Date() })).toHaveLength(1)
    })

    test('what stops half-way lets nobody in, and the next proof does it all', async () => {
      const lab = await open({ strategy })
      const { email, attacker, id } = await prepare(lab)
      lab.kept.duringRemoval = async () => {
        throw new Error('the disk is full')
      }
      const owner = lab.client(flow)
      expect((await prove(owner, way, email)).kind).toBe('CallbackRouteError')
      expect([await owner.whoAmI(), isVerified(await lab.store.getUser(id))]).toEqual([null, false])
      lab.kept.duringRemoval = async () => {}
      expect((await prove(owner, way, email)).kind).toBeNull()
      expect([await owner.whoAmI(), await attacker.whoAmI()]).toEqual([id, null])
    })

    test('a check that can’t be taken away: nothing is linked, nothing removed', async () => {
      const own = credentials({ input: z.object({ id: z.string() }), identify: null, authorize: ({ id }) => ({ id }) })
      for (const options of [{ providers: [own] }, { hasWays: false }]) {
        const lab = await open({ strategy, ...options })
        const { email, attacker, id } = await prepare(lab)
        const owner = lab.client(flow)
        expect((await prove(owner, way, email)).kind).toBe('OAuthAccountNotLinked')
        expect([await owner.whoAmI(), await attacker.whoAmI()]).toEqual([null, id])
        expect([isVerified(await lab.store.getUser(id)), await lab.store.listAccounts(id)]).toEqual([false, []])
      }
    })

    test('O3 the signIn callback refuses: nothing is removed', async () => {
      const lab = await open({ strategy, callbacks: { signIn: ({ account }) => account.type === 'credentials' } })
      const { email, attacker, id } = await prepare(lab)
      expect((await prove(lab.client(flow), way, email)).kind).toBe('AccessDenied')
      expect([await attacker.whoAmI(), isVerified(await lab.store.getUser(id))]).toEqual([id, false])
    })
  })

  test('the events say what was taken away and what was linked', async () => {
    const lab = await open({ strategy })
    const { email, attacker, id } = await prepare(lab)
    await attacker.mutate('auth.house.link', { provider: 'github', sub: `of the attacker of ${email}` })
    await prove(lab.client(flow), 'google', email)
    const events = lab.told.filter(({ name }) => /createUser|(un)?linkAccount|updateUser/.test(name))
    expect(events.map(({ name }) => name)).toEqual([
      'events.createUser',
      'events.linkAccount',
      'events.unlinkAccount',
      'events.updateUser',
      'events.linkAccount',
    ])
    expect(events.at(3)?.params).toMatchObject({ user: { id, email, name: `google sub of ${email}` } })
    expect(events.at(4)?.params).toMatchObject({ user: { id }, account: { provider: 'google' } })
  })
}

test('a take-over whose process has died holds up the next one for ten seconds, and no longer', async () => {
  const adapter = memoryAdapter()
  const { plugin } = house()
  const app = await startApp({ adapter, plugins: [plugin] })
  onTestFinished(app.stop)
  const email = newAddress()
  const [stranger, owner] = [app.client('cookie'), app.client('cookie')]
  await stranger.mutate('auth.house.signUp', { email, password: PASSWORD })
  const token = (await stranger.whoAmI()) ?? ''
  await adapter.createVerificationToken({ identifier: 'latchkey.one-at-a-time', token, expires: new Date() })
  expect((await owner.mutate(SIGN_IN, { provider: 'mail', email, code: 'right' })).kind).toBeNull()
  expect([await owner.whoAmI(), await stranger.whoAmI()]).toEqual([token, null])
}, 30_000)
