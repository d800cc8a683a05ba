import { definePlugin } from '@latchkey/core'
import { afterEach, expect, test } from 'vitest'
import { describeEachWay } from '../../../test/support/each-way.ts'
import type { Client } from '../../../test/support/client.ts'
import { GOOD, OTHER, type PasswordApp, startPasswordApp } from './support/app.ts'

let app: PasswordApp
afterEach(() => app.stop())

const ann = { email: 'ann@example.com', password: GOOD }
const signIn = { provider: 'password', ...ann }
const START = Date.UTC(2026, 10, 29)

/** Somebody with an account whose address is verified. */
async function signUp(browser: Client): Promise<void> {
  await browser.mutate('auth.password.signUp', ann)
  const { token } = await app.nextMail('verifyEmail', 'ann@example.com')
  expect(await browser.mutate('auth.password.verifyEmail', { token, password: GOOD })).toMatchObject({ status: 200 })
}

/** A second step that is due unless a password was shown. */
const factor = definePlugin({
  id: 'second',
  setup: () => ({ factors: { test: { isDue: ({ amr }) => !amr.includes('pwd') } } }),
})

async function forgot(): Promise<string> {
  expect((await app.client('cookie').mutate('auth.password.forgot', { email: 'ann@example.com' })).data).toEqual({
    status: 'sent',
  })
  return (await app.nextMail('resetPassword', 'ann@example.com')).token
}

describeEachWay(({ flow, strategy }) => {
  test('E08: a reset ends all other links and all sessions', async () => {
    app = await startPasswordApp({ strategy, mail: true })
    const browser = app.client(flow)
    await signUp(browser)
    const [first, second] = [await forgot(), await forgot()]
    const other = app.client(flow)
    expect(await other.mutate('auth.password.reset', { token: first, password: OTHER })).toMatchObject({ status: 200 })
    expect(await other.whoAmI()).not.toBeNull()
    expect((await other.query('guarded')).data).toMatchObject({ amr: ['email'] })
    expect(await browser.query('guarded')).toMatchObject({ status: 401 })
    for (const token of [first, second])
      expect(await app.client(flow).mutate('auth.password.reset', { token, password: GOOD })).toMatchObject({
        status: 401,
        kind: 'InvalidToken',
      })
    expect(await browser.mutate('auth.signIn', signIn)).toMatchObject({ kind: 'CredentialsSignin' })
    expect(await browser.mutate('auth.signIn', { ...signIn, password: OTHER })).toMatchObject({ status: 200 })
    await app.nextMail('passwordChanged', 'ann@example.com')
  })

  test('E08, S14: a reset doesn’t stand for a second factor', async () => {
    app = await startPasswordApp({ strategy, mail: true, also: [factor] })
    const browser = app.client(flow)
    await signUp(browser)
    const token = await forgot()
    const thief = app.client(flow)
    const answer = await thief.mutate('auth.password.reset', { token, password: OTHER })
    expect(answer).toMatchObject({ status: 200, data: { status: 'challenge', factors: ['test'] } })
    expect(await thief.whoAmI()).toBeNull()
    // The owner's sessions have ended all the same.
    expect(await browser.query('guarded')).toMatchObject({ status: 401 })
  })
})

test('E08: opening the link consumes nothing, and a password that is refused neither', async () => {
  app = await startPasswordApp({ mail: true })
  await signUp(app.client('cookie'))
  await app.client('cookie').mutate('auth.password.forgot', { email: 'ann@example.com' })
  const { url, token } = await app.nextMail('resetPassword', 'ann@example.com')
  expect(url).toBe(`${app.origin}/reset-password#token=${token}`)
  for (const method of ['GET', 'HEAD']) await app.client('cookie').fetch(url, { method })
  await app.client('cookie').fetch(`/trpc/auth.password.reset?input=${JSON.stringify({ token, password: OTHER })}`)
  const reset = (password: string) => app.client('cookie').mutate('auth.password.reset', { token, password })
  expect(await reset('password')).toMatchObject({ kind: 'PasswordTooCommon' })
  expect(await reset(OTHER)).toMatchObject({ status: 200 })
})

test('E02: a link works for half an hour', async () => {
  app = await startPasswordApp({ mail: true, now: START })
  await signUp(app.client('cookie'))
  const token = await forgot()
  app.wait(1_800)
  expect(await app.client('cookie').mutate('auth.password.reset', { token, password: OTHER })).toMatchObject({
    kind: 'InvalidToken',
  })
})

test('P01: forgot answers the same for an address that nobody has, and sends nothing', async () => {
  app = await startPasswordApp({ mail: true })
  await signUp(app.client('cookie'))
  const ask = (email: string) => app.client('cookie').mutate('auth.password.forgot', { email })
  const [known, unknown] = [await ask('ann@example.com'), await ask('nobody@example.com')]
  const shape = ({ status, text, headers }: typeof known) => ({
    status,
    text,
    headers: [...headers].filter(([name]) => name !== 'date'),
  })
  expect(shape(known)).toEqual(shape(unknown))
  await app.nextMail('resetPassword', 'ann@example.com')
  expect(app.mails).toEqual([])
})

test('a link that was sent to an address that the user no longer has is worth nothing', async () => {
  app = await startPasswordApp({ mail: true })
  const browser = app.client('cookie')
  await signUp(browser)
  const token = await forgot()
  const id = (await browser.whoAmI()) ?? ''
  await app.adapter.updateUser?.({ id, email: 'ann@elsewhere.example' })
  expect(await browser.mutate('auth.password.reset', { token, password: OTHER })).toMatchObject({
    kind: 'InvalidToken',
  })
})

test('a mail that can’t be sent is logged, and changes no answer', async () => {
  app = await startPasswordApp({
    password: {
      send: async () => {
        throw new Error('the mail server is down')
      },
    },
  })
  expect((await app.client('cookie').mutate('auth.password.signUp', ann)).data).toEqual({ status: 'sent' })
  await expect.poll(() => app.log.join()).toContain('the mail of a sign-up failed Error: the mail server is down')
})

test('the owner of an address takes over what a stranger made with it', async () => {
  app = await startPasswordApp({ mail: true, password: { verify: false } })
  const stranger = app.client('cookie')
  await stranger.mutate('auth.password.signUp', ann)
  const token = await forgot()
  const owner = app.client('cookie')
  expect(await owner.mutate('auth.password.reset', { token, password: OTHER })).toMatchObject({ status: 200 })
  expect(await stranger.query('guarded')).toMatchObject({ status: 401 })
  expect(await stranger.mutate('auth.signIn', signIn)).toMatchObject({ kind: 'CredentialsSignin' })
  expect(await stranger.mutate('auth.signIn', { ...signIn, password: OTHER })).toMatchObject({ status: 200 })
})

test('an account of another kind gets its first password', async () => {
  app = await startPasswordApp({ mail: true, password: { verify: false } })
  const browser = app.client('cookie')
  await app.adapter.createUser?.({ id: 'bob', email: 'bob@example.com', emailVerified: new Date(START) })
  await browser.mutate('auth.password.forgot', { email: 'bob@example.com' })
  const { token } = await app.nextMail('resetPassword', 'bob@example.com')
  expect(await browser.mutate('auth.password.reset', { token, password: OTHER })).toMatchObject({ status: 200 })
  expect(await browser.mutate('auth.password.set', { password: GOOD })).toMatchObject({
    status: 409,
    kind: 'PasswordExists',
  })
})
