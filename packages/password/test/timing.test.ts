import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../../../test/support/client.ts'
import { GOOD, OTHER, type PasswordApp, startPasswordApp } from './support/app.ts'
import { distinguish } from '../../../test/support/distinguish.ts'

let app: PasswordApp
let browser: Client

const LIMITLESS = { max: 1_000_000, window: 60 }
const mailLimits = { perAddress: LIMITLESS, perClient: LIMITLESS, total: LIMITLESS }

beforeAll(async () => {
  app = await startPasswordApp({ limits: { signIn: false }, password: { send: () => {}, verify: false, mailLimits } })
  browser = app.client('cookie')
  await app.client('cookie').mutate('auth.password.signUp', { email: 'ann@example.com', password: GOOD })
  await app.adapter.createUser?.({ id: 'bob', email: 'bob@example.com' })
})
afterAll(() => app.stop())

const guess = (email: string) => () => browser.mutate('auth.signIn', { provider: 'password', email, password: OTHER })
const forgot = (email: string) => () => browser.mutate('auth.password.forgot', { email })

test('P01: sign-in answers the same for an unknown address, a user without a password and a wrong one', async () => {
  const answers = []
  for (const email of ['ann@example.com', 'bob@example.com', 'eve@example.com']) answers.push(await guess(email)())
  const shapes = answers.map(({ status, text, headers }) => ({
    status,
    text,
    headers: [...headers].filter(([name]) => name !== 'date'),
  }))
  expect(shapes[0]).toMatchObject({ status: 401 })
  expect(shapes[1]).toEqual(shapes[0])
  expect(shapes[2]).toEqual(shapes[0])
})

test.each([
  { case: 'an unknown address', known: guess('ann@example.com'), other: guess('eve@example.com') },
  { case: 'a user without a password', known: guess('ann@example.com'), other: guess('bob@example.com') },
  { case: 'forgot for an unknown address', known: forgot('ann@example.com'), other: forgot('eve@example.com') },
])('P02: the time doesn’t tell of $case', { timeout: 300_000 }, async ({ known, other }) => {
  const { auc, median, slower } = await distinguish([known, other], { pairs: 300, warmUps: 50 })
  expect(auc).toBeGreaterThan(0.42)
  expect(auc).toBeLessThan(0.58)
  expect(median).toBeLessThan(Math.max(2, slower * 0.05))
})
