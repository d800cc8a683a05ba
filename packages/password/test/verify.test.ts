import { afterEach, expect, test } from 'vitest'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { GOOD, OTHER, type PasswordApp, startPasswordApp } from './support/app.ts'

let app: PasswordApp
afterEach(() => app.stop())

const ann = { email: 'ann@example.com', password: GOOD }
const signIn = { provider: 'password', ...ann }
const START = Date.UTC(2026, 10, 29)

describeEachWay(({ flow, strategy }) => {
  test('nobody exists before the address is verified', async () => {
    app = await startPasswordApp({ strategy, mail: true })
    const browser = app.client(flow)
    const answer = await browser.mutate('auth.password.signUp', ann)
    expect(answer).toMatchObject({ status: 200, data: { status: 'sent' } })
    expect(await browser.whoAmI()).toBeNull()
    expect(app.told.map(({ name }) => name)).toEqual([])
    expect(await browser.mutate('auth.signIn', signIn)).toMatchObject({ kind: 'CredentialsSignin' })

    const { url, token } = await app.nextMail('verifyEmail', 'ann@example.com')
    expect(url).toBe(`${app.origin}/verify-email#token=${token}`)
    await browser.fetch(url)
    const known = flow === 'cookie' ? {} : { password: GOOD }
    expect(await browser.mutate('auth.password.verifyEmail', { token, ...known })).toMatchObject({ status: 200 })
    expect(await browser.whoAmI()).not.toBeNull()
    const created = app.told.filter(({ name }) => name === 'events.createUser')
    expect(created).toMatchObject([
      { params: { user: { email: 'ann@example.com', emailVerified: expect.any(Date) as Date } } },
    ])
    expect(await app.client(flow).mutate('auth.password.verifyEmail', { token, ...known })).toMatchObject({
      kind: 'InvalidToken',
    })
    expect(await app.client(flow).mutate('auth.signIn', signIn)).toMatchObject({ status: 200 })
  })

  test('a stranger’s sign-up is no trap for the owner of the address', async () => {
    app = await startPasswordApp({ strategy, mail: true })
    await app.client(flow).mutate('auth.password.signUp', { ...ann, password: OTHER })
    const trap = await app.nextMail('verifyEmail', 'ann@example.com')
    const owner = app.client(flow)
    // The link alone is not enough, in a browser that didn't sign up with this password.
    expect(await owner.mutate('auth.password.verifyEmail', { token: trap.token })).toMatchObject({
      status: 412,
      kind: 'PasswordRequired',
    })
    expect(await owner.mutate('auth.password.verifyEmail', { token: trap.token, password: GOOD })).toMatchObject({
      kind: 'CredentialsSignin',
    })

    await owner.mutate('auth.password.signUp', ann)
    const own = await app.nextMail('verifyEmail', 'ann@example.com')
    expect(await owner.mutate('auth.password.verifyEmail', { token: own.token, password: GOOD })).toMatchObject({
      status: 200,
    })
    // What waited for the same address is gone.
    const stranger = app.client(flow)
    expect(await stranger.mutate('auth.password.verifyEmail', { token: trap.token, password: OTHER })).toMatchObject({
      kind: 'InvalidToken',
    })
    expect(await stranger.mutate('auth.signIn', { ...signIn, password: OTHER })).toMatchObject({
      kind: 'CredentialsSignin',
    })
  })
})

test('the password of a sign-up can’t be guessed with its link', async () => {
  app = await startPasswordApp({ mail: true })
  await app.client('cookie').mutate('auth.password.signUp', ann)
  const { token } = await app.nextMail('verifyEmail', 'ann@example.com')
  const guess = (password: string) => app.client('cookie').mutate('auth.password.verifyEmail', { token, password })
  const kinds: (string | null)[] = []
  for (let round = 0; round < 12; round++) kinds.push((await guess(OTHER)).kind)
  expect(new Set(kinds)).toEqual(new Set(['CredentialsSignin', 'RateLimited']))
})

test('P01: signing up answers the same whether the address is taken or not', async () => {
  app = await startPasswordApp({ mail: true })
  const signUp = (email: string) => app.client('cookie').mutate('auth.password.signUp', { email, password: GOOD })
  await signUp('ann@example.com')
  const { token } = await app.nextMail('verifyEmail', 'ann@example.com')
  await app.client('cookie').mutate('auth.password.verifyEmail', { token, password: GOOD })

  const [taken, free] = [await signUp('ann@example.com'), await signUp('bob@example.com')]
  expect(shape(taken)).toEqual(shape(free))
  await app.nextMail('accountExists', 'ann@example.com')
  await app.nextMail('verifyEmail', 'bob@example.com')
  expect(app.mails).toEqual([])
})

/** All that a client can see, without what is random. */
function shape({ status, text, headers }: { status: number; text: string; headers: Headers }) {
  const names = [...headers].filter(([name]) => name !== 'date')
  return { status, text, headers: names.map(([name, value]) => [name, value.replace(/=[\w-]{43};/, '=…;')]) }
}

test('the link of a sign-up works for a day', async () => {
  app = await startPasswordApp({ mail: true, now: START })
  const browser = app.client('cookie')
  await browser.mutate('auth.password.signUp', ann)
  const { token, expiresIn } = await app.nextMail('verifyEmail', 'ann@example.com')
  expect(expiresIn).toBe(86_400)
  app.wait(86_400)
  expect(await browser.mutate('auth.password.verifyEmail', { token, password: GOOD })).toMatchObject({
    kind: 'InvalidToken',
  })
})

test('E07: links are ours, whatever the request’s Host says, and no user’s text is in a mail', async () => {
  app = await startPasswordApp({ mail: true })
  const headers = {
    'content-type': 'application/json',
    origin: app.origin,
    'x-forwarded-host': 'evil.example',
    host: 'evil.example',
  }
  const body = JSON.stringify({ ...ann, name: '<a href="https://evil.example">' })
  await app.client('cookie').fetch('/trpc/auth.password.signUp', { method: 'POST', headers, body })
  const mail = await app.nextMail('verifyEmail', 'ann@example.com')
  expect(new URL(mail.url).origin).toBe(app.origin)
  expect(JSON.stringify(mail)).not.toContain('evil')
})

test('mails are limited per address, per client and in all', async () => {
  const limits = {
    perAddress: { max: 2, window: 60 },
    perClient: { max: 4, window: 60 },
    total: { max: 6, window: 60 },
  } as const
  app = await startPasswordApp({ mail: true, now: START, password: { mailLimits: limits } })
  const forgot = async (email: string, address: string) => {
    const { kind, error } = await app.client('cookie', { address }).mutate('auth.password.forgot', { email })
    if (kind) expect(error?.['retryAfter']).toBeGreaterThan(0)
    return kind
  }
  expect(await forgot('a@example.com', '203.0.113.1')).toBeNull()
  expect(await forgot('a@example.com', '203.0.113.2')).toBeNull()
  expect(await forgot('a@example.com', '203.0.113.3')).toBe('RateLimited')
  expect(await forgot('b@example.com', '203.0.113.1')).toBeNull()
  expect(await forgot('c@example.com', '203.0.113.1')).toBeNull()
  expect(await forgot('d@example.com', '203.0.113.1')).toBeNull()
  expect(await forgot('e@example.com', '203.0.113.1')).toBe('RateLimited')
  expect(await forgot('e@example.com', '203.0.113.4')).toBeNull()
  expect(await forgot('f@example.com', '203.0.113.5')).toBe('RateLimited')
  app.wait(61)
  expect(await forgot('a@example.com', '203.0.113.1')).toBeNull()
})
