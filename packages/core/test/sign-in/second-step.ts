import { describe, expect, onTestFinished, test } from 'vitest'
import { accountOf, type LabOptions, openLab, type OpenStore, readResult, succeeded } from './lab.ts'

const ANN = { id: 'ann', name: 'Ann', email: 'ann@example.com' }
const DUE = { totp: () => true }
const MINUTE = 60

interface StepMethods {
  readonly step: { readonly verify: (input: object) => Promise<unknown> }
}

/** What every store must hold of sign-ins that wait for a second factor. */
export function describeSecondStep(name: string, openStore: () => Promise<OpenStore>): void {
  /** Ann is in the store, and `way` lets her in. */
  const open = async (options: LabOptions = {}) => {
    const store = await openStore()
    onTestFinished(async () => store.close?.())
    const lab = openLab(store, { begin: () => ({ user: ANN }), factors: DUE, ...options })
    await lab.adapter.createUser?.(ANN)
    return lab
  }

  describe.each(['jwt', 'database'] as const)(`second step on ${name}, %s strategy`, (strategy) => {
    const session = { strategy }

    test('T7 the first step returns a challenge, and begins nothing', async () => {
      const lab = await open({ session })
      const result = succeeded(await lab.browser.result())
      expect(result).toEqual({
        status: 'challenge',
        challenge: expect.stringMatching(/^[\w-]{43}$/),
        expiresIn: 5 * MINUTE,
        factors: ['totp'],
      })
      expect([lab.browser.setCookies, lab.trace]).toEqual([[], ['signIn', 'resolveUser']])
      expect([await lab.browser.session(), await lab.eventsOf('signIn')]).toEqual([null, []])
    })

    test('O1 O2 the second step begins the session: the callback is not asked again', async () => {
      const lab = await open({ session })
      const { challenge } = succeeded(await lab.browser.result())
      expect(await lab.browser.verify(challenge)).toMatchObject({
        status: 'signedIn',
        session: { user: { id: 'ann' } },
      })
      const steps = strategy === 'jwt' ? ['jwt', 'session'] : ['session']
      expect(lab.trace).toEqual(['signIn', 'resolveUser', ...steps])
      expect((await lab.browser.session())?.user.id).toBe('ann')
      expect(await lab.eventsOf('signIn')).toMatchObject([{ user: { id: 'ann' }, account: { provider: 'way' } }])
    })

    test('a challenge works once', async () => {
      const lab = await open({ session })
      const { challenge } = succeeded(await lab.browser.result())
      succeeded(await lab.browser.verify(challenge))
      expect(await lab.open().verify(challenge)).toBe('InvalidToken')
    })

    test('of many second steps with one challenge at once exactly one goes on', async () => {
      const lab = await open({ session, limits: { signIn: false } })
      const { challenge } = succeeded(await lab.browser.result())
      const results = await Promise.all(Array.from({ length: 20 }, () => lab.open().verify(challenge)))
      expect(results.filter((result) => result === 'InvalidToken')).toHaveLength(19)
      expect(await lab.eventsOf('signIn')).toHaveLength(1)
    })

    test('T7 tokens are returned if the first step asked for them, and then only', async () => {
      const lab = await open({ session, tokens: { enabled: true } })
      const { challenge } = succeeded(await lab.browser.result({ flow: 'token' }))
      const tokens = succeeded(await lab.browser.verify(challenge))
      expect(tokens).toMatchObject({
        status: 'tokens',
        accessToken: expect.any(String),
        session: { user: { id: 'ann' } },
      })
      expect(lab.browser.setCookies).toEqual([])
    })
  })

  describe(`second step on ${name}`, () => {
    test('a challenge ends after five minutes', async () => {
      const lab = await open()
      const { challenge: first } = succeeded(await lab.browser.result())
      lab.clock.turn(5 * MINUTE - 1)
      expect(succeeded(await lab.browser.verify(first)).status).toBe('signedIn')
      const { challenge: second } = succeeded(await lab.browser.result())
      lab.clock.turn(5 * MINUTE)
      expect(await lab.browser.verify(second)).toBe('InvalidToken')
    })

    test.each(['', 'x', 'a'.repeat(43), 'a'.repeat(44), "' or 1=1 --", '\u0000'.repeat(43)])(
      'what is no challenge is refused: %j',
      async (challenge) => {
        const lab = await open()
        await lab.browser.result()
        expect(await lab.browser.verify(challenge)).toBe('InvalidToken')
      },
    )

    test('a wrong code consumes nothing', async () => {
      const lab = await open()
      const { challenge } = succeeded(await lab.browser.result())
      expect(await lab.browser.verify(challenge, { code: '000000' })).toBe('CredentialsSignin')
      expect(succeeded(await lab.browser.verify(challenge)).status).toBe('signedIn')
    })

    test('a factor that the challenge does not ask for is refused, and consumes nothing', async () => {
      const lab = await open({ factors: { totp: () => true, passkey: () => false } })
      const { challenge, factors } = succeeded(await lab.browser.result())
      expect(factors).toEqual(['totp'])
      for (const factor of ['passkey', 'other', 'constructor'])
        expect(await lab.browser.verify(challenge, { factor })).toBe('InvalidToken')
      expect(succeeded(await lab.browser.verify(challenge)).status).toBe('signedIn')
    })

    test('a second step of one user finishes no sign-in of another', async () => {
      const lab = await open({ begin: (_, { name: who }) => ({ user: { id: who } }) })
      await lab.adapter.createUser?.({ id: 'bob', name: 'Bob' })
      const [ann, bob] = [await lab.browser.result({ name: 'ann' }), await lab.browser.result({ name: 'bob' })]
      const { challenge: other } = succeeded(bob)
      expect(await lab.browser.verify(succeeded(ann).challenge, { other })).toBe('InvalidToken')
      expect(succeeded(await lab.browser.verify(other)).session?.user.id).toBe('bob')
    })

    test('of several factors that are due, one is enough', async () => {
      const lab = await open({ factors: { totp: () => true, passkey: () => true } })
      const { challenge, factors } = succeeded(await lab.browser.result())
      expect(factors).toEqual(['totp', 'passkey'])
      expect(succeeded(await lab.browser.verify(challenge, { factor: 'passkey' })).status).toBe('signedIn')
      expect(await lab.browser.verify(challenge, { factor: 'totp' })).toBe('InvalidToken')
    })

    test('a factor is told whose sign-in it is, and by what; without one that is due there is no second step', async () => {
      const asked: unknown[] = []
      const isDue = (signIn: object) => (asked.push(signIn), false)
      const lab = await open({ factors: { totp: isDue } })
      expect(succeeded(await lab.browser.result()).status).toBe('signedIn')
      expect(asked).toEqual([
        {
          user: ANN,
          account: { provider: 'way', type: 'credentials', providerAccountId: 'ann' },
          amr: ['pwd'],
        },
      ])
    })

    test('what a factor returns by mistake counts as due', async () => {
      const lab = await open({ factors: { totp: () => undefined as never } })
      expect(succeeded(await lab.browser.result()).status).toBe('challenge')
    })

    test('a factor that throws lets nobody in', async () => {
      const lab = await open({
        factors: {
          totp: () => {
            throw new Error('down')
          },
        },
      })
      expect(await lab.browser.result()).toBe('CallbackRouteError')
      expect(lab.browser.setCookies).toEqual([])
    })

    test('a user who is deleted between the steps is not signed in', async () => {
      const lab = await open()
      const { challenge } = succeeded(await lab.browser.result())
      await lab.auth.deleteUser('ann')
      expect(await lab.browser.verify(challenge)).toBe('InvalidToken')
    })

    test('whose sessions end everywhere begins anew: a sign-in that waits does not go on', async () => {
      const lab = await open()
      const { challenge: first } = succeeded(await lab.browser.result())
      await lab.auth.revokeSessions('ann')
      expect(await lab.browser.verify(first)).toBe('InvalidToken')
      const { challenge: own } = succeeded(await lab.browser.result())
      succeeded(await lab.browser.verify(own))
      const { challenge: others } = succeeded(await lab.open().result())
      expect((await lab.browser.post('/auth/sessions/revoke-others')).status).toBe(200)
      expect(await lab.open().verify(others)).toBe('InvalidToken')
    })

    test('sessions end everywhere also if sign-ins that wait can’t be ended', async () => {
      const { adapter } = await openStore().then((store) => (onTestFinished(async () => store.close?.()), store))
      const { table } = adapter
      if (!table) throw new Error('the store keeps no tables')
      const remove = async () => Promise.reject(new Error('down'))
      const lab = openLab(
        { adapter: { ...adapter, table: (name, spec) => ({ ...table(name, spec), remove }) } },
        { begin: () => ({ user: ANN }), factors: { totp: () => false } },
      )
      await adapter.createUser?.(ANN)
      succeeded(await lab.browser.result())
      await expect(lab.auth.revokeSessions('ann')).rejects.toMatchObject({ kind: 'AdapterError' })
      expect(await lab.browser.session()).toBeNull()
    })

    test('the user is read again: what has changed between the steps counts', async () => {
      const lab = await open()
      const { challenge } = succeeded(await lab.browser.result())
      await lab.adapter.updateUser?.({ id: 'ann', name: 'Ann Renamed' })
      expect(succeeded(await lab.browser.verify(challenge)).session?.user.name).toBe('Ann Renamed')
    })

    test('J8 what resolveUser and the provider said beyond the row is there at the second step', async () => {
      const seen: unknown[] = []
      const profile = { login: 'ann', history: 'x'.repeat(100_000) }
      const lab = await open({
        begin: () => accountOf('17', { name: 'Bob' }, profile),
        callbacks: {
          resolveUser: ({ user }) => ({ ...user, level: 'gold' }),
          jwt: ({ token, user, trigger, isNewUser, account, profile: given }) => {
            seen.push({ level: user?.level, trigger, isNewUser, account, profile: given })
            return token
          },
        },
        session: { strategy: 'jwt' },
      })
      const { challenge } = succeeded(await lab.browser.result())
      succeeded(await lab.browser.verify(challenge))
      const account = { provider: 'github', type: 'oauth', providerAccountId: '17' }
      expect(seen).toEqual([{ level: 'gold', trigger: 'signUp', isNewUser: true, account, profile }])
    })

    test('C9 guesses are counted for the person, however many challenges they have', async () => {
      const lab = await open()
      for (let guess = 0; guess < 10; guess++) {
        const { challenge } = succeeded(await lab.open().result())
        expect(await lab.open().verify(challenge, { code: '000000' })).toBe('CredentialsSignin')
      }
      const { challenge } = succeeded(await lab.browser.result())
      expect(await lab.browser.verify(challenge)).toBe('RateLimited')
      lab.clock.turn(15 * MINUTE)
      const { challenge: later } = succeeded(await lab.browser.result())
      expect(succeeded(await lab.browser.verify(later)).status).toBe('signedIn')
    })

    test('O3 whom the callback refuses gets no challenge', async () => {
      const lab = await open({ callbacks: { signIn: () => false } })
      expect(await lab.browser.result()).toBe('AccessDenied')
    })

    test('O6 an identity that is not in the store can’t wait there', async () => {
      const lab = await open({ callbacks: { resolveUser: () => ({ id: 'nobody' }) } })
      expect(await lab.browser.result()).toBe('CallbackRouteError')
      expect(lab.lines.map(({ cause }) => String((cause as Error).cause)).join()).toContain('not in the store')
    })

    test('a challenge is found by its own text only, not by what a store keeps of it', async () => {
      const kept: { digest?: string; sealed?: string } = {}
      const store = await openStore()
      onTestFinished(async () => store.close?.())
      const { table } = store.adapter
      if (!table) throw new Error('the store keeps no tables')
      const adapter: OpenStore['adapter'] = {
        ...store.adapter,
        table: (name, spec) => {
          const opened = table(name, spec)
          return { ...opened, insert: (row) => (Object.assign(kept, row), opened.insert(row)) }
        },
      }
      const account = { provider: 'github', type: 'oauth', providerAccountId: '17', access_token: 'secret-of-github' }
      const lab = openLab({ adapter }, { begin: () => ({ account, person: {} }), factors: DUE })
      const { challenge } = succeeded(await lab.browser.result())
      expect(JSON.stringify(kept)).not.toContain(challenge)
      expect(JSON.stringify(kept)).not.toContain('secret-of-github')
      for (const stolen of [kept.digest, kept.sealed]) expect(await lab.browser.verify(stolen)).toBe('InvalidToken')
      expect(succeeded(await lab.browser.verify(challenge)).status).toBe('signedIn')
    })

    test('C7 a second factor without a store that keeps tables is refused at construction', async () => {
      const { adapter } = await openStore().then((store) => (onTestFinished(async () => store.close?.()), store))
      const { table: _table, ...without } = adapter
      expect(() => openLab({ adapter: without }, { factors: DUE })).toThrow(
        /adapter: .*factor "totp".*kyselyAdapter\(db\)/,
      )
      expect(() => openLab({ adapter: without })).not.toThrow()
    })

    test('a second step whose cookie can’t be delivered consumes nothing', async () => {
      const lab = await open({ session: { strategy: 'jwt' }, tokens: { enabled: true } })
      const { challenge } = succeeded(await lab.browser.result())
      // The token flow would set no cookie: it is the first step's flow that counts.
      const input = { challenge, code: '123456', factor: 'totp', flow: 'token' }
      const response = { writability: () => 'none' as const, setCookie: () => {}, noStore: () => {} }
      const headers: Record<string, string> = { origin: 'http://app.test' }
      const context = lab.auth.createContext({ method: 'POST', header: (name) => headers[name], response })
      const { step } = context as unknown as StepMethods // the lab's plug-in is none that Auth's default type knows
      await expect(step.verify(input)).rejects.toMatchObject({ kind: 'ResponseCommitted' })
      expect(succeeded(await lab.browser.verify(challenge)).status).toBe('signedIn')
    })

    test('R7 a challenge is taken nowhere else', async () => {
      const lab = await open({ tokens: { enabled: true } })
      const { challenge } = succeeded(await lab.browser.result({ flow: 'token' }))
      const refreshed = await lab.browser.post('/auth/token', { refreshToken: challenge })
      expect(await readResult(refreshed)).toBe('InvalidToken')
      lab.browser.cookies.set('latchkey.session', challenge ?? '')
      expect(await lab.browser.session()).toBeNull()
    })
  })
}
