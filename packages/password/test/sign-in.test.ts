import { afterEach, expect, test } from 'vitest'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { GOOD, OTHER, type PasswordApp, startPasswordApp } from './support/app.ts'

let app: PasswordApp
afterEach(() => app.stop())

const ann = { email: 'ann@example.com', password: GOOD }
const signIn = { provider: 'password', ...ann }

describeEachWay(({ flow, strategy }) => {
  test('O5: signs up, and in again from elsewhere', async () => {
    app = await startPasswordApp({ strategy })
    const browser = app.client(flow)
    const answer = await browser.mutate('auth.password.signUp', { ...ann, name: 'Ann' })
    expect(answer).toMatchObject({ status: 200, data: { status: flow === 'cookie' ? 'signedIn' : 'tokens' } })
    const id = await browser.whoAmI()
    expect(id).not.toBeNull()
    const other = app.client(flow)
    const wrong = await other.mutate('auth.signIn', { ...signIn, password: OTHER })
    expect(wrong).toMatchObject({ status: 401, kind: 'CredentialsSignin' })
    expect(await other.whoAmI()).toBeNull()
    await other.mutate('auth.signIn', { ...signIn, email: ' Ann@EXAMPLE.com' })
    expect(await other.whoAmI()).toBe(id)
    expect((await other.query('guarded')).data).toMatchObject({ user: { name: 'Ann' }, amr: ['pwd'] })
  })

  test('J5: the trigger is signUp once, and the event createUser fires once', async () => {
    app = await startPasswordApp({ strategy })
    await app.client(flow).mutate('auth.password.signUp', ann)
    await app.client(flow).mutate('auth.signIn', signIn)
    const triggers = app.told.filter(({ name }) => name === 'jwt').map(({ params }) => params['trigger'])
    if (strategy === 'jwt' || flow === 'token') expect(triggers).toEqual(['signUp', 'signIn'])
    expect(app.told.filter(({ name }) => name === 'events.createUser')).toHaveLength(1)
    const signIns = app.told.filter(({ name }) => name === 'events.signIn').map(({ params }) => params['isNewUser'])
    expect(signIns).toEqual([true, false])
  })

  test('a taken address is refused if nothing is verified', async () => {
    app = await startPasswordApp({ strategy })
    await app.client(flow).mutate('auth.password.signUp', ann)
    const second = app.client(flow)
    expect(await second.mutate('auth.password.signUp', { ...ann, email: 'ANN@example.com' })).toMatchObject({
      status: 409,
      kind: 'EmailTaken',
    })
    expect(await second.whoAmI()).toBeNull()
  })

  test('S02, S11: a change of password replaces the session and ends all others', async () => {
    app = await startPasswordApp({ strategy, mail: true, password: { verify: false } })
    const browser = app.client(flow)
    const other = app.client(flow)
    await browser.mutate('auth.password.signUp', ann)
    await other.mutate('auth.signIn', signIn)
    const before = await browser.query<{ sessionId: string }>('guarded')
    const stolen = app.client(flow)
    for (const [name, value] of browser.cookies) stolen.cookies.set(name, value)
    stolen.tokens = browser.tokens
    expect(await stolen.whoAmI()).not.toBeNull()

    expect(await browser.mutate('auth.password.change', { current: GOOD, next: OTHER })).toMatchObject({ status: 200 })
    const after = await browser.query<{ sessionId: string }>('guarded')
    expect(after.data.sessionId).not.toBe(before.data.sessionId)
    expect(await stolen.query('guarded')).toMatchObject({ status: 401 })
    expect(await other.query('guarded')).toMatchObject({ status: 401 })
    if (other.tokens)
      expect(await other.mutate('auth.token', { refreshToken: other.tokens.refreshToken })).toMatchObject({
        status: 401,
      })

    expect(await app.nextMail('passwordChanged', 'ann@example.com')).toMatchObject({ at: expect.any(Date) as Date })
    expect(await other.mutate('auth.signIn', signIn)).toMatchObject({ kind: 'CredentialsSignin' })
    expect(await other.mutate('auth.signIn', { ...signIn, password: OTHER })).toMatchObject({ status: 200 })
  })

  test('P12: nothing changes without the password as it is, or without a session', async () => {
    app = await startPasswordApp({ strategy })
    const browser = app.client(flow)
    await browser.mutate('auth.password.signUp', ann)
    const change = { current: OTHER, next: OTHER }
    expect(await browser.mutate('auth.password.change', change)).toMatchObject({
      status: 401,
      kind: 'CredentialsSignin',
    })
    expect(await browser.mutate('auth.password.change', { next: OTHER })).toMatchObject({ kind: 'InvalidInput' })
    expect(await app.client(flow).mutate('auth.password.change', { ...change, current: GOOD })).toMatchObject({
      status: 401,
      kind: 'SessionRequired',
    })
    expect(await app.client(flow).mutate('auth.signIn', signIn)).toMatchObject({ status: 200 })
  })

  test('a guess at the password by a session is counted', async () => {
    app = await startPasswordApp({ strategy })
    const browser = app.client(flow)
    await browser.mutate('auth.password.signUp', ann)
    const guess = () => browser.mutate('auth.password.change', { current: OTHER, next: OTHER })
    const kinds = new Set<string | null>()
    for (let round = 0; round < 12; round++) kinds.add((await guess()).kind)
    expect([...kinds]).toEqual(['CredentialsSignin', 'RateLimited'])
  })
})

test('without mail, what needs it is missing', async () => {
  app = await startPasswordApp()
  for (const operation of ['forgot', 'reset', 'verifyEmail'])
    expect(await app.client('cookie').mutate(`auth.password.${operation}`, { email: ann.email })).toMatchObject({
      status: 404,
    })
})

test('the rules can be read', async () => {
  app = await startPasswordApp({ password: { minLength: 15 } })
  expect((await app.client('cookie').query('auth.password.rules')).data).toEqual({ minLength: 15, maxLength: 256 })
})

test('clients that don’t speak tRPC post to the handler', async () => {
  app = await startPasswordApp()
  const browser = app.client('cookie')
  const post = (path: string, input: object) =>
    browser.fetch(`/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: app.origin },
      body: JSON.stringify(input),
    })
  expect((await post('password/sign-up', ann)).status).toBe(200)
  expect(await browser.whoAmI()).not.toBeNull()
  expect((await post('password/change', { current: OTHER, next: OTHER })).status).toBe(401)
  expect((await post('signin/password', ann)).status).toBe(200)
  expect((await browser.fetch('/auth/password/rules')).status).toBe(200)
  const elsewhere = { 'content-type': 'application/json', origin: 'https://evil.example' }
  const foreign = await browser.fetch('/auth/password/change', {
    method: 'POST',
    headers: elsewhere,
    body: JSON.stringify({ current: GOOD, next: OTHER }),
  })
  expect(foreign.status).toBe(403)
})
