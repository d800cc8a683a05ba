import { describe, expect, test } from 'vitest'
import { describeEachWay, type Setting } from '../../../../test/support/each-way.ts'
import { describeEachStore, type Lab, type OpenLab } from './support/each-store.ts'
import { isVerified, newAddress } from './support/house.ts'

const SIGN_IN = 'auth.signIn'

await describeEachStore('linking', (open) => {
  describeEachWay((setting) => describeLinking(open, setting))
  describeAddresses(open)
  describeRaces(open)
})

function describeLinking(open: OpenLab, { flow, strategy }: Setting): void {
  const addUser = (lab: Lab, email: string, emailVerified: Date | null) =>
    lab.store.createUser({ id: crypto.randomUUID(), name: 'Ann', email, emailVerified, image: null })

  test.each([
    { row: true, service: true, comes: 'linked' },
    { row: true, service: false, comes: 'refused' },
    { row: false, service: false, comes: 'refused' },
    { row: false, service: true, comes: 'taken over' },
  ])('O7 O06 address verified by the row: $row, by the service: $service: $comes', async ({ row, service, comes }) => {
    const lab = await open({ strategy })
    const email = newAddress()
    const { id } = await addUser(lab, email, row ? new Date() : null)
    lab.kept.passwords.set(id, 'as before')
    const client = lab.client(flow)
    const sub = crypto.randomUUID()
    const input = { provider: 'google', sub, email: email.toUpperCase(), verified: service }
    const { kind, status } = await client.mutate(SIGN_IN, input)
    const isLinked = comes !== 'refused'
    expect([kind, status]).toEqual(isLinked ? [null, 200] : ['OAuthAccountNotLinked', 409])
    expect(await client.whoAmI()).toBe(isLinked ? id : null)
    expect(lab.kept.passwords.has(id)).toBe(comes !== 'taken over')
    expect(await lab.store.listAccounts(id)).toHaveLength(isLinked ? 1 : 0)
    const names = lab.told.map(({ name }) => name)
    expect(names.filter((name) => name === 'events.linkAccount')).toHaveLength(isLinked ? 1 : 0)
    expect(names).not.toContain('events.createUser')
    if (!isLinked) return
    expect((await client.query<unknown[]>('auth.house.belongings')).data).toEqual([['google', id]])
    // The account is known from now on, whatever the service says of the address.
    const again = lab.client(flow)
    expect((await again.mutate(SIGN_IN, { provider: 'google', sub, email: newAddress() })).kind).toBeNull()
    expect(await again.whoAmI()).toBe(id)
    expect((await lab.store.getUser(id))?.email?.toLowerCase()).toBe(email)
  })

  test('J5 O5 O9 a first sign-in creates the user: signUp once, signIn from then on', async () => {
    const lab = await open({ strategy })
    const [sub, email] = [crypto.randomUUID(), newAddress()]
    for (const _ of [1, 2])
      expect(
        (await lab.client(flow).mutate(SIGN_IN, { provider: 'google', sub, email, verified: true })).kind,
      ).toBeNull()
    const of = (name: string) => lab.told.filter((call) => call.name === name).map(({ params }) => params)
    expect(of('events.createUser')).toMatchObject([{ user: { email, emailVerified: expect.any(Date) } }])
    expect(of('events.linkAccount')).toMatchObject([{ account: { provider: 'google' }, profile: { sub } }])
    expect(of('events.signIn')).toMatchObject([{ isNewUser: true }, { isNewUser: false }])
    expect(of('signIn')).toMatchObject([{ profile: { sub }, credentials: null }, { profile: { sub } }])
    const isCalled = strategy === 'jwt' || flow === 'token'
    expect(of('jwt').map(({ trigger }) => trigger)).toEqual(isCalled ? ['signUp', 'signIn'] : [])
  })

  test('J5 a proven address creates its user, verified: signUp once', async () => {
    const lab = await open({ strategy })
    const email = newAddress()
    const input = { provider: 'mail', email, code: 'right' }
    expect((await lab.client(flow).mutate(SIGN_IN, { ...input, create: null })).kind).toBe('AccessDenied')
    expect(await lab.store.getUserByEmail(email)).toBeNull()
    for (const _ of [1, 2]) expect((await lab.client(flow).mutate(SIGN_IN, input)).kind).toBeNull()
    expect((await lab.client(flow).mutate(SIGN_IN, { ...input, create: null })).kind).toBeNull()
    expect(isVerified(await lab.store.getUserByEmail(email))).toBe(true)
    const signedIn = lab.told.filter(({ name }) => name === 'events.signIn').map(({ params }) => params)
    expect(signedIn).toMatchObject([{ isNewUser: true }, { isNewUser: false }, { isNewUser: false }])
    expect(signedIn[0]).toMatchObject({ account: { provider: 'mail', type: 'email' } })
    expect(lab.told.filter(({ name }) => name === 'events.createUser')).toHaveLength(1)
  })

  test('belongings of a proven address are written for whoever was found, created or taken over', async () => {
    const lab = await open({ strategy })
    const email = newAddress()
    const reset = async (password: string) => {
      const client = lab.client(flow)
      await client.mutate(SIGN_IN, { provider: 'mail', email, code: 'right', password })
      const id = (await client.whoAmI()) ?? ''
      return lab.kept.passwords.get(id)
    }
    await lab.client(flow).mutate('auth.house.signUp', { email, password: 'of a stranger' })
    expect([await reset('first'), await reset('second')]).toEqual(['first', 'second'])
  })

  test('O07 one id at two services is two people, and an address that changes there keeps the person', async () => {
    const lab = await open({ strategy })
    const sub = crypto.randomUUID()
    const [a, b, later] = [lab.client(flow), lab.client(flow), lab.client(flow)]
    await a.mutate(SIGN_IN, { provider: 'google', sub, email: newAddress(), verified: true })
    await b.mutate(SIGN_IN, { provider: 'github', sub })
    await later.mutate(SIGN_IN, { provider: 'google', sub, email: newAddress(), verified: true })
    expect(await a.whoAmI()).not.toBe(await b.whoAmI())
    expect(await later.whoAmI()).toBe(await a.whoAmI())
  })
}

function describeAddresses(open: OpenLab): void {
  describe('what a store holds of an address', () => {
    test.each(['', 'a\0b@example.com', '\ud800@example.com', `${'a'.repeat(250)}@example.com`])(
      'no store holds %j',
      async (email) => {
        const lab = await open()
        const result = await lab.client('cookie').mutate(SIGN_IN, { provider: 'mail', email, code: 'right' })
        expect([result.kind, result.error?.fields]).toEqual(['InvalidInput', ['email']])
      },
    )

    test('a provider without an address is somebody new each time', async () => {
      const lab = await open()
      const people = await Promise.all(
        [1, 2].map(async () => {
          const client = lab.client('cookie')
          await client.mutate(SIGN_IN, { provider: 'github', sub: crypto.randomUUID(), verified: true })
          return client.whoAmI()
        }),
      )
      expect(new Set(people).size).toBe(2)
    })
  })
}

/** Twenty spellings that every store takes for one address. */
function spell(email: string): readonly string[] {
  return Array.from({ length: 20 }, (_, index) =>
    Array.from(email, (letter, at) => ((index >> (at % 5)) & 1 ? letter.toUpperCase() : letter)).join(''),
  )
}

function describeRaces(open: OpenLab): void {
  describe('at the same moment', () => {
    test('D03 twenty proofs of one address, in twenty spellings: one user, and all are in', async () => {
      const lab = await open()
      const email = newAddress()
      const ids = await Promise.all(
        spell(email).map(async (spelled) => {
          const client = lab.client('cookie')
          const { kind } = await client.mutate(SIGN_IN, { provider: 'mail', email: spelled, code: 'right' })
          return kind ?? client.whoAmI()
        }),
      )
      const owner = await lab.store.getUserByEmail(email)
      expect(new Set(ids)).toEqual(new Set([owner?.id]))
      expect(lab.told.filter(({ name }) => name === 'events.createUser')).toHaveLength(1)
    })

    test('D03 twenty sign-ups with one address, in twenty spellings: one user', async () => {
      const lab = await open()
      const email = newAddress()
      const results = await Promise.all(
        spell(email).map((spelled) =>
          lab.client('cookie').mutate('auth.house.signUp', { email: spelled, password: spelled }),
        ),
      )
      const kinds = results.map(({ kind }) => kind)
      expect(kinds.filter((kind) => kind === null)).toHaveLength(1)
      expect(kinds.filter((kind) => kind === 'InvalidInput')).toHaveLength(19)
      expect(lab.told.filter(({ name }) => name === 'events.createUser')).toHaveLength(1)
    })

    test('proofs by mail and by two services, all verified: one user with both accounts', async () => {
      const lab = await open()
      const email = newAddress()
      const inputs = [
        { provider: 'mail', email, code: 'right' },
        { provider: 'google', sub: `google of ${email}`, email, verified: true },
        { provider: 'github', sub: `github of ${email}`, email, verified: true },
      ]
      const ids = await Promise.all(
        Array.from({ length: 12 }, async (_, index) => {
          const client = lab.client('cookie')
          const { kind } = await client.mutate(SIGN_IN, inputs[index % 3])
          return kind ?? client.whoAmI()
        }),
      )
      const owner = await lab.store.getUserByEmail(email)
      expect(new Set(ids)).toEqual(new Set([owner?.id]))
      const accounts = await lab.store.listAccounts(owner?.id ?? '')
      expect(accounts.map(({ provider }) => provider)).toEqual(['github', 'google'])
      expect(lab.told.filter(({ name }) => name === 'events.linkAccount')).toHaveLength(2)
    })

    test('a stranger’s sign-up and the owner’s proof: the stranger is out', async () => {
      const lab = await open()
      for (const way of ['mail', 'google'] as const) {
        const email = newAddress()
        const [stranger, owner] = [lab.client('cookie'), lab.client('cookie')]
        const proof = { provider: way, email, code: 'right', sub: email, verified: true }
        await Promise.all([
          stranger.mutate('auth.house.signUp', { email, password: 'of the stranger' }),
          owner.mutate(SIGN_IN, proof),
        ])
        const after = lab.client('cookie')
        expect((await after.mutate(SIGN_IN, proof)).kind).toBeNull()
        expect(await after.whoAmI()).toBe(await owner.whoAmI())
        expect(await stranger.whoAmI()).toBeNull()
        const again = { provider: 'password', email, password: 'of the stranger' }
        expect((await stranger.mutate(SIGN_IN, again)).kind).toBe('CredentialsSignin')
      }
    })
  })
}
