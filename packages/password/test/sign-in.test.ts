import { afterEach, expect, test } from 'vitest'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { GOOD, OTHER, type PasswordApp, startPasswordApp } from './support/app.ts'

let app: PasswordApp
afterEach(() => app.stop())

const ann = { email: 'ann@example.com', password: GOOD }

describeEachWay(({ flow, strategy }) => {
  test('signs up, and in again from elsewhere', async () => {
    app = await startPasswordApp({ strategy })
    const browser = app.client(flow)
    expect(await browser.mutate('auth.password.signUp', ann)).toMatchObject({ status: 200, kind: null })
    const id = await browser.whoAmI()
    expect(id).not.toBeNull()
    const other = app.client(flow)
    const wrong = await other.mutate('auth.signIn', { provider: 'password', ...ann, password: OTHER })
    expect(wrong).toMatchObject({ status: 401, kind: 'CredentialsSignin' })
    expect(await other.whoAmI()).toBeNull()
    await other.mutate('auth.signIn', { provider: 'password', ...ann, email: ' Ann@EXAMPLE.com' })
    expect(await other.whoAmI()).toBe(id)
  })

  test('changes the password', async () => {
    app = await startPasswordApp({ strategy })
    const browser = app.client(flow)
    await browser.mutate('auth.password.signUp', ann)
    expect(await browser.mutate('auth.password.change', { current: OTHER, next: OTHER })).toMatchObject({
      kind: 'CredentialsSignin',
    })
    expect(await browser.mutate('auth.password.change', { current: GOOD, next: OTHER })).toMatchObject({ status: 200 })
    const other = app.client(flow)
    expect(await other.mutate('auth.signIn', { provider: 'password', ...ann })).toMatchObject({ status: 401 })
    expect(await other.mutate('auth.signIn', { provider: 'password', ...ann, password: OTHER })).toMatchObject({
      status: 200,
    })
  })

  test('verifies the address first', async () => {
    app = await startPasswordApp({ strategy, mail: true })
    const browser = app.client(flow)
    expect((await browser.mutate('auth.password.signUp', ann)).data).toEqual({ status: 'sent' })
    const { token } = await app.nextMail('verifyEmail', 'ann@example.com')
    const again = flow === 'token' ? { password: GOOD } : {}
    expect(await browser.mutate('auth.password.verifyEmail', { token, ...again })).toMatchObject({
      status: 200,
      kind: null,
    })
    expect(await browser.whoAmI()).not.toBeNull()
    await browser.mutate('auth.password.forgot', { email: ann.email })
    const reset = await app.nextMail('resetPassword', 'ann@example.com')
    const other = app.client(flow)
    expect(await other.mutate('auth.password.reset', { token: reset.token, password: OTHER })).toMatchObject({
      status: 200,
    })
    expect(await other.whoAmI()).toBe(await browser.whoAmI())
  })
})
