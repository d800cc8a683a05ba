import { type AccountExport, type AccountInfo, definePlugin, mutation, type WayInfo } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { describeEachWay, type Setting } from '../../../../test/support/each-way.ts'
import type { Client } from '../../../../test/support/client.ts'
import { describeEachStore, type Lab, type OpenLab } from './support/each-store.ts'
import { newAddress } from './support/house.ts'

const SIGN_IN = 'auth.signIn'
const START = Date.parse('2026-06-01T12:00:00Z')

await describeEachStore('accounts', (open) => {
  describeEachWay((setting) => describeAccounts(open, setting))
  describeRaces(open)
})

const listOf = async (client: Client) => (await client.query<readonly AccountInfo[]>('auth.accounts.list')).data

/** Somebody with an account at GitHub, signed in by it. */
async function enter(lab: Lab, flow: Setting['flow']) {
  const client = lab.client(flow)
  const sub = crypto.randomUUID()
  expect((await client.mutate(SIGN_IN, { provider: 'github', sub, email: newAddress() })).kind).toBeNull()
  return { client, sub, id: (await client.whoAmI()) ?? '' }
}

function describeAccounts(open: OpenLab, { flow, strategy }: Setting): void {
  describe('accounts.list, accounts.ways, accounts.unlink', () => {
    test('an account is linked, listed and unlinked, and signs in until then', async () => {
      const lab = await open({ strategy })
      const { client, id } = await enter(lab, flow)
      const sub = crypto.randomUUID()
      for (const _ of [1, 2])
        expect((await client.mutate('auth.house.link', { provider: 'google', sub })).kind).toBeNull()
      const listed = await listOf(client)
      expect(listed).toEqual([
        { id: expect.any(String), provider: 'github', type: 'oauth' },
        { id: expect.any(String), provider: 'google', type: 'oauth' },
      ])
      expect(JSON.stringify(listed)).not.toContain(sub)
      const ways = (await client.query<readonly WayInfo[]>('auth.accounts.ways')).data
      expect(ways.map(({ plugin, provider, type }) => [plugin, provider, type])).toEqual([
        [null, 'github', 'oauth'],
        [null, 'google', 'oauth'],
      ])
      const other = lab.client(flow)
      await other.mutate(SIGN_IN, { provider: 'google', sub })
      expect(await other.whoAmI()).toBe(id)
      const unlinked = await client.mutate('auth.accounts.unlink', { id: listed[1]?.id })
      expect([unlinked.kind, unlinked.data]).toEqual([null, { unlinked: true }])
      expect((await listOf(client)).map(({ provider }) => provider)).toEqual(['github'])
      await other.mutate(SIGN_IN, { provider: 'google', sub })
      expect(await other.whoAmI()).not.toBe(id)
      const events = lab.told.filter(({ name }) => /events\..*linkAccount/i.test(name))
      expect(events.map(({ name, params }) => [name, params])).toMatchObject([
        ['events.linkAccount', { user: { id }, account: { provider: 'github' } }],
        ['events.linkAccount', { user: { id }, account: { provider: 'google' }, profile: { sub } }],
        ['events.unlinkAccount', { user: { id }, account: { provider: 'google', providerAccountId: sub } }],
        ['events.linkAccount', { account: { provider: 'google' } }],
      ])
    })

    test('an account of somebody else is not linked', async () => {
      const lab = await open({ strategy })
      const [ann, bob] = [await enter(lab, flow), await enter(lab, flow)]
      const { kind } = await ann.client.mutate('auth.house.link', { provider: 'github', sub: bob.sub })
      expect([kind, (await listOf(bob.client)).length]).toEqual(['OAuthAccountNotLinked', 1])
    })

    test('the last way in stays: an account, then a password', async () => {
      const lab = await open({ strategy })
      const { client, id } = await enter(lab, flow)
      const [account] = await listOf(client)
      const unlink = async () => (await client.mutate('auth.accounts.unlink', { id: account?.id })).kind
      const removePassword = async () => (await client.mutate('auth.house.removePassword')).kind
      const refused = await client.mutate('auth.accounts.unlink', { id: account?.id })
      expect([refused.status, refused.kind]).toEqual([409, 'LastWayIn'])
      // Nobody signs in with an account of a service that isn't configured, nor with a key.
      await client.mutate('auth.house.link', { provider: 'gone', sub: crypto.randomUUID() })
      await client.mutate('auth.house.addKey')
      expect(await unlink()).toBe('LastWayIn')
      lab.kept.passwords.set(id, 'secret')
      expect([await unlink(), await removePassword()]).toEqual([null, 'LastWayIn'])
      expect((await listOf(client)).map(({ provider }) => provider)).toEqual(['gone'])
    })

    test('Z03 nobody unlinks another’s account', async () => {
      const lab = await open({ strategy })
      const [ann, bob] = [await enter(lab, flow), await enter(lab, flow)]
      lab.kept.passwords.set(bob.id, 'secret')
      lab.kept.passwords.set(ann.id, 'secret')
      const [account] = await listOf(bob.client)
      for (const id of [account?.id, '', 'nothing', bob.sub, 'github', `${account?.id} `])
        expect((await ann.client.mutate('auth.accounts.unlink', { id })).kind).toBe('NotFound')
      expect((await ann.client.mutate('auth.accounts.unlink', { id: { provider: 'github' } })).kind).toBe(
        'InvalidInput',
      )
      expect(await listOf(bob.client)).toEqual([account])
      expect((await bob.client.mutate('auth.accounts.unlink', { id: account?.id })).kind).toBeNull()
    })
  })

  describe('who may', () => {
    const OPERATIONS = [
      { path: 'auth.accounts.list', type: 'query', isFresh: false },
      { path: 'auth.accounts.ways', type: 'query', isFresh: false },
      { path: 'auth.accounts.unlink', type: 'mutate', isFresh: true },
      { path: 'auth.account.export', type: 'query', isFresh: true },
      { path: 'auth.account.delete', type: 'mutate', isFresh: true },
    ] as const

    test.each(OPERATIONS)('$path: nobody without a session, and recently signed in: $isFresh', async (operation) => {
      const { path, type, isFresh } = operation
      const lab = await open({ strategy, now: START, session: { freshAge: '2m' } })
      const { client, id } = await enter(lab, flow)
      lab.kept.passwords.set(id, 'secret')
      const input = path.endsWith('unlink') ? { id: (await listOf(client))[0]?.id } : undefined
      expect((await lab.client(flow)[type](path, input)).kind).toBe('SessionRequired')
      lab.wait(180)
      expect((await client[type](path, input)).kind).toBe(isFresh ? 'StepUpRequired' : null)
      const again = lab.client(flow)
      await again.mutate(SIGN_IN, { provider: 'github', sub: (await lab.store.listAccounts(id))[0]?.providerAccountId })
      expect((await again[type](path, input)).kind).toBeNull()
    })

    test.each(OPERATIONS)('$path: nobody with a key', async ({ path, type }) => {
      const lab = await open({ strategy })
      const { client } = await enter(lab, flow)
      const { key } = (await client.mutate<{ key: string }>('auth.house.addKey')).data
      const method = type === 'query' ? 'GET' : 'POST'
      const headers = { 'x-key': key, 'content-type': 'application/json' }
      const body = type === 'query' ? null : '{"id":"x"}'
      const response = await lab.client('cookie').fetch(`/trpc/${path}`, { method, headers, body })
      expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('NotASession')])
    })

    test('a session that has ended deletes nobody, whatever its token says', async () => {
      const lab = await open({ strategy })
      const { client, id } = await enter(lab, flow)
      // In the store alone, as another instance would: this one hasn't heard of it yet.
      await lab.store.revokeSessions({ userId: id, now: new Date() })
      expect((await client.mutate('auth.account.delete')).status).toBe(401)
      expect((await client.query('auth.account.export')).status).toBe(401)
      expect(await lab.store.getUser(id)).toMatchObject({ id })
    })
  })

  describe('account.delete', () => {
    test('S10 ends all sessions, tokens and keys, removes everything, and clears the cookie', async () => {
      const lab = await open({ strategy })
      const { client, sub, id } = await enter(lab, flow)
      const email = (await lab.store.getUser(id))?.email
      const other = lab.client(flow)
      await other.mutate(SIGN_IN, { provider: 'github', sub })
      const { key } = (await client.mutate<{ key: string }>('auth.house.addKey')).data
      const refreshToken = other.tokens?.refreshToken
      const { kind, data, headers } = await client.mutate('auth.account.delete')
      expect([kind, data]).toEqual([null, { deleted: true }])
      expect(headers.getSetCookie().some((cookie) => /max-age=0/i.test(cookie))).toBe(flow === 'cookie')
      expect(client.cookies.size).toBe(0)
      expect(await lab.store.getUser(id)).toBeNull()
      expect(await lab.store.listAccounts(id)).toEqual([])
      expect([await client.whoAmI(), await other.whoAmI()]).toEqual([null, null])
      expect((await other.query('guarded')).status).toBe(401)
      if (refreshToken) expect((await other.mutate('auth.token', { refreshToken })).kind).toBe('SessionRevoked')
      const byKey = await lab.client('cookie').fetch('/trpc/auth.house.caller', { headers: { 'x-key': key } })
      expect(byKey.status).toBe(401)
      expect(lab.told.filter(({ name }) => name === 'events.deleteUser')).toMatchObject([
        { params: { user: { id, email } } },
      ])
      const again = lab.client(flow)
      expect((await again.mutate(SIGN_IN, { provider: 'github', sub })).kind).toBeNull()
      expect(await again.whoAmI()).not.toBe(id)
    })
  })

  describe('account.export', () => {
    test('has the row, accounts, sessions and what plug-ins keep, and nothing that authenticates', async () => {
      const lab = await open({ strategy })
      const { client, sub, id } = await enter(lab, flow)
      lab.kept.passwords.set(id, 'a secret password')
      await client.mutate('auth.house.addKey')
      const { data, text } = await client.query<AccountExport>('auth.account.export')
      expect(data).toMatchObject({
        exportedAt: expect.any(String),
        user: { id, name: `github ${sub}` },
        accounts: [{ provider: 'github', providerAccountId: sub, type: 'oauth' }],
        sessions: [{ current: true }],
        plugins: { house: { keys: 1 } },
      })
      for (const secret of ['secret', 'sessionToken', ...lab.kept.keys.keys(), ...client.cookies.values()])
        expect(text).not.toContain(secret)
    })
  })

  test('endSessions and updateUser of a plug-in', async () => {
    const lab = await open({ strategy })
    const [ann, bob] = [await enter(lab, flow), await enter(lab, flow)]
    const taken = (await lab.store.getUser(bob.id))?.email ?? ''
    const rename = (email: string) => ann.client.mutate('auth.house.rename', { email })
    const refused = await rename(taken.toUpperCase())
    expect([refused.kind, refused.error?.fields]).toEqual(['InvalidInput', ['email']])
    const email = newAddress()
    expect((await rename(email)).data).toMatchObject({ user: { id: ann.id, email } })
    expect(lab.told.filter(({ name }) => name === 'events.updateUser')).toMatchObject([{ params: { user: { email } } }])
    await ann.client.mutate('auth.house.endAll')
    expect([await ann.client.whoAmI(), await bob.client.whoAmI()]).toEqual([null, bob.id])
  })
}

function describeRaces(open: OpenLab): void {
  test('of the last two ways that are removed at the same moment one stays', async () => {
    const lab = await open()
    for (let round = 0; round < 10; round++) {
      const { client, id } = await enter(lab, 'cookie')
      await client.mutate('auth.house.link', { provider: 'google', sub: crypto.randomUUID() })
      const accounts = await listOf(client)
      const results = await Promise.all(
        accounts.map(({ id: way }) => client.mutate('auth.accounts.unlink', { id: way })),
      )
      expect(results.map(({ kind }) => kind)).toContain('LastWayIn')
      expect((await lab.store.listAccounts(id)).length).toBeGreaterThan(0)
    }
  })

  test('an account and a password at the same moment: one stays', async () => {
    const lab = await open()
    for (let round = 0; round < 10; round++) {
      const { client, id } = await enter(lab, 'cookie')
      lab.kept.passwords.set(id, 'secret')
      const [account] = await listOf(client)
      await Promise.all([
        client.mutate('auth.accounts.unlink', { id: account?.id }),
        client.mutate('auth.house.removePassword'),
      ])
      expect((await lab.store.listAccounts(id)).length + Number(lab.kept.passwords.has(id))).toBeGreaterThan(0)
    }
  })

  test('a plug-in with the id account adds to the group, and auth.accounts has what plug-ins do for the server', async () => {
    const account = definePlugin({
      id: 'account',
      setup: () => ({ operations: { rename: mutation({ access: 'session', run: ({ user }) => ({ id: user.id }) }) } }),
    })
    const lab = await open({ plugins: [account] })
    const { client, sub, id } = await enter(lab, 'cookie')
    expect((await client.mutate('auth.account.rename')).data).toEqual({ id })
    expect((await client.query('auth.account.export')).data).toMatchObject({ user: { id } })
    const paths = lab.auth.operations.map(({ http }) => `${http?.method} ${http?.path}`)
    expect(paths).toEqual(
      expect.arrayContaining([
        'GET accounts/list',
        'GET accounts/ways',
        'POST accounts/unlink',
        'GET account/export',
        'POST account/delete',
        'POST account/rename',
      ]),
    )
    const { nameOf } = lab.auth.accounts as { nameOf: (id: string) => Promise<string | null> } // the test's own plug-in
    expect(await nameOf(id)).toBe(`github ${sub}`)
  })
}
