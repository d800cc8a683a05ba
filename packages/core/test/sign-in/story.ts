import { describe, expect, onTestFinished, test } from 'vitest'
import { AuthError, type JwtParams, type SignInParams, type User } from '../../src/index.ts'
import { accountOf, type LabOptions, openLab, type OpenStore, succeeded } from './lab.ts'

const ANN = { name: 'Ann', email: 'ann@example.com' }

/** What every store must hold of the ways in which somebody may be verified. */
export function describeSignInStory(name: string, openStore: () => Promise<OpenStore>): void {
  const open = async (options: LabOptions = {}) => {
    const store = await openStore()
    onTestFinished(async () => store.close?.())
    return openLab(store, options)
  }

  describe(`sign-in story on ${name}`, () => {
    describe('{ user }', () => {
      test('O2 is the row as it is: nothing is read or written of it', async () => {
        const seen: (JwtParams | SignInParams)[] = []
        const lab = await open({
          begin: async () => ({ user: (await lab.adapter.getUserByEmail?.(ANN.email)) ?? null }),
          callbacks: {
            signIn: (params) => (seen.push(params), true),
            jwt: (params) => (seen.push(params), params.token),
          },
          session: { strategy: 'jwt' },
        })
        await lab.adapter.createUser?.({ id: 'ann', ...ANN })
        expect(succeeded(await lab.browser.result())).toMatchObject({
          status: 'signedIn',
          session: { user: { id: 'ann' } },
        })
        const account = { provider: 'way', type: 'credentials', providerAccountId: 'ann' }
        expect(seen).toMatchObject([
          { user: { id: 'ann', ...ANN }, account, profile: null },
          { user: { id: 'ann', ...ANN }, account, profile: null, trigger: 'signIn', isNewUser: false },
        ])
        expect([lab.users.size, await lab.eventsOf('createUser'), await lab.eventsOf('updateUser')]).toEqual([
          0,
          [],
          [],
        ])
        expect(await lab.eventsOf('signIn')).toMatchObject([{ isNewUser: false, account }])
      })

      test.each([
        { user: null },
        { user: {} },
        { user: { id: '' } },
        { user: { id: Number.NaN } },
        { mirror: { id: {} } },
      ])('a user without an id is a failure of the server: %j', async (verified) => {
        const lab = await open({ begin: () => verified })
        expect(await lab.browser.result()).toBe('CallbackRouteError')
      })
    })

    describe('{ create }', () => {
      test('J5 O9 creates the user once the callback has agreed, then what belongs to them', async () => {
        const steps: unknown[] = []
        const emailVerified = new Date('2026-01-01T00:00:00Z')
        const lab = await open({
          begin: () => ({
            create: { ...ANN, emailVerified },
            belongings: async (user: User) =>
              void steps.push(['belongings', user.id, await lab.adapter.getUser?.(user.id)]),
          }),
          callbacks: {
            signIn: ({ user, account }) => (steps.push(['signIn', user.email, account.provider, lab.users.size]), true),
            resolveUser: ({ user, isNewUser }) => (steps.push(['resolveUser', user.id, isNewUser]), user),
            jwt: ({ token, trigger, isNewUser }) => (steps.push(['jwt', trigger, isNewUser]), token),
          },
          session: { strategy: 'jwt' },
        })
        const { session } = succeeded(await lab.browser.result())
        const [id] = lab.users
        expect(session?.user).toMatchObject({ id, name: 'Ann' })
        expect(steps).toEqual([
          ['signIn', ANN.email, 'way', 0],
          ['belongings', id, expect.objectContaining({ id, ...ANN, emailVerified })],
          ['resolveUser', id, true],
          ['jwt', 'signUp', true],
        ])
        expect(await lab.eventsOf('createUser')).toMatchObject([{ user: { id, ...ANN } }])
        expect(await lab.eventsOf('signIn')).toMatchObject([{ isNewUser: true, account: { providerAccountId: id } }])
      })

      test.each([false, '/elsewhere'])(
        'O3 the callback returns %j: nobody is created, nothing written',
        async (allowed) => {
          const written: unknown[] = []
          const lab = await open({
            begin: () => ({ create: ANN, belongings: async (user: User) => void written.push(user) }),
            callbacks: { signIn: () => allowed },
          })
          const result = await lab.browser.result()
          expect(result).toEqual(
            allowed === false ? 'AccessDenied' : { status: 'redirect', url: 'http://app.test/elsewhere' },
          )
          expect([lab.users.size, written, lab.browser.setCookies, lab.trace]).toEqual([0, [], [], []])
          expect(await lab.adapter.getUserByEmail?.(ANN.email)).toBeNull()
        },
      )

      test.each([
        { thrown: new Error('disk full'), kind: 'CallbackRouteError' },
        { thrown: new AuthError('AccessDenied'), kind: 'AccessDenied' },
      ])('belongings that throw take the user away again: $kind', async ({ thrown, kind }) => {
        let fails = true
        const belongings = async () => {
          if (fails) throw thrown
        }
        const lab = await open({ begin: () => ({ create: ANN, belongings }) })
        expect(await lab.browser.result()).toBe(kind)
        expect([lab.users.size, await lab.eventsOf('createUser'), lab.trace]).toEqual([0, [], ['signIn']])
        expect(await lab.adapter.getUserByEmail?.(ANN.email)).toBeNull()
        fails = false
        expect(succeeded(await lab.browser.result()).status).toBe('signedIn')
        expect(await lab.eventsOf('createUser')).toHaveLength(1)
      })

      test('an address that is taken, whatever the case of its letters, is the error that the provider names', async () => {
        const taken: { taken?: () => Error } = {}
        const lab = await open({ begin: () => ({ create: { email: 'ANN@example.com' }, ...taken }) })
        await lab.adapter.createUser?.({ id: 'ann', ...ANN })
        const response = await lab.browser.way()
        expect(await response.json()).toMatchObject({ error: { kind: 'InvalidInput', fields: ['email'] } })
        taken.taken = () => new AuthError('AccessDenied')
        expect(await lab.browser.result()).toBe('AccessDenied')
        expect(lab.users.size).toBe(0)
      })

      test.each(['a\0b@example.com', '\ud800@example.com', `${'a'.repeat(250)}@example.com`])(
        'an address that no database holds is an input that isn’t valid: %j',
        async (email) => {
          const lab = await open({ begin: () => ({ create: { email } }) })
          const response = await lab.browser.way()
          expect(await response.json()).toMatchObject({ error: { kind: 'InvalidInput', fields: ['email'] } })
          expect(lab.users.size).toBe(0)
        },
      )

      test('of twenty sign-ups with one address at once one creates the user', async () => {
        const taken = () => new AuthError('AccessDenied')
        const lab = await open({
          begin: () => ({ create: ANN, belongings: async () => {}, taken }),
        })
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, index) => lab.open().result({ name: `${index}` })),
        )
        expect(results.filter((result) => result === 'AccessDenied')).toHaveLength(19)
        expect([lab.users.size, (await lab.eventsOf('createUser')).length]).toEqual([1, 1])
      })

      test('people without an address are different people', async () => {
        const lab = await open({ begin: () => ({ create: { name: 'Guest' } }) })
        for (const _ of [1, 2]) expect(succeeded(await lab.open().result()).status).toBe('signedIn')
        expect(lab.users.size).toBe(2)
      })
    })

    describe('{ account, person, profile }', () => {
      test('J5 O5 O8 O9 creates and links at first, and finds by the account from then on', async () => {
        const profile = { login: 'ann', nested: { plan: 'free' } }
        const seen: unknown[] = []
        const lab = await open({
          type: 'oauth',
          begin: () => accountOf('17', ANN, profile),
          callbacks: {
            signIn: (params) => (seen.push({ signIn: params }), true),
            jwt: ({ token, trigger, account, profile: given }) => (seen.push({ trigger, account, given }), token),
          },
          session: { strategy: 'jwt' },
        })
        const first = succeeded(await lab.browser.result())
        const second = succeeded(await lab.open().result())
        const [id] = lab.users
        expect([first.session?.user.id, second.session?.user.id, lab.users.size]).toEqual([id, id, 1])
        const account = { provider: 'github', type: 'oauth', providerAccountId: '17' }
        expect(seen).toMatchObject([
          { signIn: { user: ANN, account, profile, credentials: null } },
          { trigger: 'signUp', account, given: profile },
          { signIn: { user: { id, ...ANN }, account, profile, credentials: null } },
          { trigger: 'signIn', account, given: profile },
        ])
        expect(await lab.eventsOf('createUser')).toMatchObject([{ user: { id } }])
        expect(await lab.eventsOf('linkAccount')).toMatchObject([{ user: { id }, account, profile }])
        expect(await lab.adapter.getUserByAccount?.({ provider: 'github', providerAccountId: '17' })).toMatchObject({
          id,
        })
      })

      test('O7 an address that somebody else has is refused, and nothing is linked', async () => {
        const lab = await open({ begin: () => accountOf('17', { email: 'Ann@Example.com' }) })
        await lab.adapter.createUser?.({ id: 'ann', ...ANN })
        const response = await lab.browser.way()
        expect([response.status, await response.json()]).toMatchObject([
          409,
          { error: { kind: 'OAuthAccountNotLinked' } },
        ])
        expect([lab.users.size, await lab.eventsOf('linkAccount'), lab.browser.setCookies]).toEqual([0, [], []])
        expect(await lab.adapter.getUserByAccount?.({ provider: 'github', providerAccountId: '17' })).toBeNull()
      })

      test.each([{ person: ANN }, { person: { name: 'Ann' } }])(
        'of twenty first sign-ins with one account at once one creates the user, and all are in: $person',
        async ({ person }) => {
          const triggers: string[] = []
          const lab = await open({
            begin: () => accountOf('17', person),
            callbacks: { jwt: ({ token, trigger }) => (triggers.push(trigger), token) },
            session: { strategy: 'jwt' },
          })
          const results = await Promise.all(
            Array.from({ length: 20 }, (_, index) => lab.open().result({ name: `${index}` })),
          )
          const [id] = lab.users
          expect(results.map((result) => succeeded(result).session?.user.id)).toEqual(Array(20).fill(id))
          expect(lab.users.size).toBe(1)
          expect(triggers.filter((trigger) => trigger === 'signUp')).toHaveLength(1)
          expect(await lab.eventsOf('createUser')).toHaveLength(1)
          expect(await lab.eventsOf('linkAccount')).toHaveLength(1)
        },
      )

      test('one id at two services is two people', async () => {
        let service = 'github'
        const lab = await open({
          begin: () => ({ account: { provider: service, type: 'oauth', providerAccountId: '17' }, person: {} }),
        })
        const first = succeeded(await lab.open().result())
        service = 'gitlab'
        const second = succeeded(await lab.open().result())
        expect(first.session?.user.id).not.toBe(second.session?.user.id)
        expect(lab.users.size).toBe(2)
      })

      test.each([
        { provider: 'github', type: 'oauth' },
        { provider: 'github', type: 'oauth', providerAccountId: '' },
        { provider: 'github', type: 'oauth', providerAccountId: 17 },
        { type: 'oauth', providerAccountId: '17' },
        null,
      ])('an account that names nobody is nobody’s: %j', async (account) => {
        const lab = await open({ begin: () => ({ account, person: ANN }) })
        expect(await lab.browser.result()).toBe('CallbackRouteError')
        expect(lab.users.size).toBe(0)
      })

      test('O3 the callback refuses: nobody is created, nothing linked', async () => {
        const lab = await open({ begin: () => accountOf('17', ANN), callbacks: { signIn: () => false } })
        expect(await lab.browser.result()).toBe('AccessDenied')
        expect(lab.users.size).toBe(0)
        expect(await lab.adapter.getUserByAccount?.({ provider: 'github', providerAccountId: '17' })).toBeNull()
      })
    })
  })
}
