import { afterEach, expect, test } from 'vitest'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { nod } from '../../../test/support/factor.ts'
import { GOOD, OTHER, type PasswordApp, startPasswordApp } from './support/app.ts'

let app: PasswordApp
afterEach(() => app.stop())

const ann = { email: 'ann@example.com', password: GOOD }
const signIn = { provider: 'password', ...ann }
const names = () => app.told.map(({ name }) => name)

describeEachWay(({ flow, strategy }) => {
  test('O5: the signIn callback gets the user, the account and what was sent', async () => {
    app = await startPasswordApp({ strategy })
    const browser = app.client(flow)
    await browser.mutate('auth.password.signUp', { ...ann, name: 'Ann' })
    const [signedUp] = app.told
    expect(signedUp).toMatchObject({
      name: 'signIn',
      params: {
        user: { email: ann.email, name: 'Ann' },
        account: { provider: 'password', type: 'credentials' },
        profile: null,
      },
    })
    const id = await browser.whoAmI()
    await app.client(flow).mutate('auth.signIn', signIn)
    const again = app.told.findLast(({ name }) => name === 'signIn')
    expect(again?.params).toMatchObject({ user: { id }, account: { provider: 'password' }, credentials: ann })
  })

  test('O3, O5: a sign-up that the app refuses creates nobody', async () => {
    app = await startPasswordApp({ strategy, callbacks: { signIn: () => false } })
    const browser = app.client(flow)
    expect(await browser.mutate('auth.password.signUp', ann)).toMatchObject({ status: 403, kind: 'AccessDenied' })
    expect(names()).toEqual(['signIn'])
    expect(await app.adapter.getUserByEmail?.(ann.email)).toBeNull()
    expect(await browser.whoAmI()).toBeNull()
  })

  test('O6: resolveUser comes after the user was created, and chooses whose session it is', async () => {
    const chosen = { id: 'chosen', email: 'chosen@example.com' }
    app = await startPasswordApp({ strategy, callbacks: { resolveUser: () => chosen } })
    await app.adapter.createUser?.(chosen)
    const browser = app.client(flow)
    await browser.mutate('auth.password.signUp', ann)
    expect(await browser.whoAmI()).toBe('chosen')
    expect(names().indexOf('events.createUser')).toBeLessThan(names().indexOf('resolveUser'))
    expect(names()).toContain('events.createUser')
  })

  test('O7: a sign-up links nothing to whoever has the address', async () => {
    app = await startPasswordApp({ strategy })
    await app.adapter.createUser?.({ id: 'known', email: ann.email, emailVerified: new Date() })
    const browser = app.client(flow)
    expect(await browser.mutate('auth.password.signUp', ann)).toMatchObject({ status: 409, kind: 'EmailTaken' })
    expect(await browser.mutate('auth.signIn', signIn)).toMatchObject({ kind: 'CredentialsSignin' })
    expect(await app.adapter.listAccounts?.('known')).toEqual([])
    expect(names()).not.toContain('events.linkAccount')
  })

  test('O8: an event that throws stops nobody, and is logged', async () => {
    const createUser = () => {
      throw new Error('the newsletter is down')
    }
    app = await startPasswordApp({ strategy, events: { createUser } })
    const browser = app.client(flow)
    expect(await browser.mutate('auth.password.signUp', ann)).toMatchObject({ status: 200 })
    expect(await browser.whoAmI()).not.toBeNull()
    expect(app.log.join('\n')).toContain('the newsletter is down')
  })

  test('O9: createUser fires when a user is created, and at no sign-in, change or wrong password', async () => {
    app = await startPasswordApp({ strategy })
    const browser = app.client(flow)
    await browser.mutate('auth.password.signUp', ann)
    await app.client(flow).mutate('auth.signIn', signIn)
    await app.client(flow).mutate('auth.signIn', { ...signIn, password: OTHER })
    await browser.mutate('auth.password.change', { current: GOOD, next: OTHER })
    expect(names().filter((name) => name === 'events.createUser')).toHaveLength(1)
  })

  test('T7: with a second factor due, a sign-up and a sign-in answer a challenge and no session', async () => {
    app = await startPasswordApp({ strategy, also: [nod] })
    for (const [path, input] of [
      ['auth.password.signUp', ann],
      ['auth.signIn', signIn],
    ] as const) {
      const browser = app.client(flow)
      const { data } = await browser.mutate<{ challenge: string }>(path, input)
      expect(data).toEqual({
        status: 'challenge',
        challenge: expect.any(String) as string,
        expiresIn: 300,
        factors: ['nod'],
      })
      expect(await browser.whoAmI()).toBeNull()
      await browser.mutate('auth.nod.verify', { challenge: data.challenge })
      expect(await browser.whoAmI()).not.toBeNull()
    }
  })
})
